import type { CommandGroup, CommandSpec, OptionSpec } from '../../cli/command.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { groups } from '../../cli/program.ts';
import { code, type Generator, page, table } from './generator.ts';

/** A new exit code does not compile before it is explained. */
const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done, and verified',
  failed: 'the run failed or was halted, or what was to be verified is not so',
  usage: 'wrong usage, or a command that the state of the run does not allow: the same command is refused again',
  waits: 'a person has to answer, and nobody is at the terminal',
  unreachable: 'Redis, a worker or a program that is needed cannot be reached',
  interrupted: 'Ctrl-C: the run is safe, and the last line says how to go on',
};

const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['REDIS_URL', 'the Redis that keeps the log; without it a host of the nearest `.studio` is started'],
  ['STUDIO_TAG', 'with `REDIS_URL`: hash tag of every key and queue; default `{studio}`'],
  ['STUDIO_DIR', 'state folder; default: the nearest `.studio` upward, else one at the root of the repository'],
  ['STUDIO_API_KEY', 'gateway: asked of every request as `Authorization: Bearer <key>`'],
  ['STUDIO_LOG_LEVEL', 'of services: `debug`, `info`, `warn`, `error`; default `info`'],
  ['STUDIO_DEBUG', 'any value: an error is told with its stack'],
  ['XDG_CACHE_HOME', 'where worktrees and installed dependencies lie; default `~/.cache`'],
  ['XDG_RUNTIME_DIR', 'where the socket of the embedded Redis lies when the path of `.studio` is too long for one'],
  ['NO_COLOR', 'any value: no colour'],
];

const JSON_OPTION: OptionSpec = { flags: '--json', about: 'print the document, and nothing else' };

const command = ({ usage, about, example, options = [], hasDocument = true }: CommandSpec): string => {
  const rows = [...options, ...(hasDocument ? [JSON_OPTION] : [])].map(({ flags, about: text }) => [code(flags), text]);
  const parts = [
    `### ${code(`studio ${usage}`)}`,
    `${about.charAt(0).toUpperCase()}${about.slice(1)}.`,
    `    ${example}`,
  ];
  return [...parts, ...(rows.length > 0 ? [table(['option', 'meaning'], rows)] : [])].join('\n\n');
};

const group = ({ title, commands }: CommandGroup): string =>
  [`## ${title.replace(/:$/, '')}`, ...commands.map(command)].join('\n\n');

export const cli: Generator = {
  page: 'cli.md',
  about: 'every command with its options, an example, the exit codes, and the variables that are read',
  generate: async () =>
    page(
      'Command line',
      'Arguments in `<>` must be given, those in `[]` may. An id may be cut anywhere after its date, or be the first characters of its last part (`a1b2`); where none is given, the newest run is meant. `studio help <command>` says the same at the terminal.',
      ...groups.map(group),
      '## Exit codes',
      table(
        ['code', 'meaning'],
        // The cast: Object.entries forgets the names of the keys.
        (Object.entries(EXIT) as [keyof typeof EXIT, number][]).map(([name, exit]) => [
          code(String(exit)),
          EXIT_MEANINGS[name],
        ]),
      ),
      '## Environment',
      'Beside the variable of each [configuration key](configuration.md):',
      table(
        ['variable', 'meaning'],
        ENVIRONMENT.map(([name, meaning]) => [code(name), meaning]),
      ),
    ),
};
