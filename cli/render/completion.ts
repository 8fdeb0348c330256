import { singleQuoted } from '#contracts';

/** A command as a shell sees it. */
export interface Completable {
  readonly words: readonly string[];
  readonly about: string;
  readonly flags: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
export const isShell = (name: string): name is Shell => SHELLS.some((shell) => shell === name);

const first = ({ words }: Completable): string => words[0] ?? '';
const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Of a command with one more word (`orchestrate build`), that word is completed with its flags. */
const followers = (commands: readonly Completable[], name: string): readonly string[] =>
  unique(
    commands.filter((command) => first(command) === name).flatMap(({ words, flags }) => [...words.slice(1), ...flags]),
  );

const names = (commands: readonly Completable[]): readonly string[] => unique(commands.map(first));

const bash = (commands: readonly Completable[]): readonly string[] => [
  '_studio() {',
  `  local current="\${COMP_WORDS[COMP_CWORD]}" words=""`,
  '  if [ "$COMP_CWORD" -eq 1 ]; then',
  `    words="${names(commands).join(' ')}"`,
  '  else',
  `    case "\${COMP_WORDS[1]}" in`,
  ...names(commands).map((name) => `      ${name}) words="${followers(commands, name).join(' ')}" ;;`),
  '    esac',
  '  fi',
  '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
  `  [ "\${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))`,
  '}',
  'complete -F _studio studio',
];

const zsh = (commands: readonly Completable[]): readonly string[] => [
  '#compdef studio',
  '_studio() {',
  '  if (( CURRENT == 2 )); then',
  '    local -a commands',
  '    commands=(',
  ...names(commands).map((name) => {
    const about = commands.find((command) => first(command) === name)?.about ?? '';
    return `      ${singleQuoted(`${name}:${about.replaceAll(':', '\\:')}`)}`;
  }),
  '    )',
  "    _describe 'command' commands",
  '    return',
  '  fi',
  '  case "$words[2]" in',
  ...names(commands).map((name) => `    ${name}) compadd -- ${followers(commands, name).join(' ')} ;;`),
  '  esac',
  '  _files',
  '}',
  'compdef _studio studio',
];

const fish = (commands: readonly Completable[]): readonly string[] => [
  ...names(commands).map((name) => {
    const about = commands.find((command) => first(command) === name)?.about ?? '';
    return `complete -c studio -n __fish_use_subcommand -a ${name} -d ${singleQuoted(about)}`;
  }),
  ...commands.flatMap((command) =>
    command.flags.map(
      (flag) => `complete -c studio -n '__fish_seen_subcommand_from ${first(command)}' -l ${flag.replace('--', '')}`,
    ),
  ),
];

/** The script that a shell sources; it holds all it needs, so that pressing Tab starts no process. */
export const completionScript = (shell: Shell, commands: readonly Completable[]): readonly string[] =>
  ({ bash, zsh, fish })[shell](commands);
