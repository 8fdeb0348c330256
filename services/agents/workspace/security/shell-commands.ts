import { lex } from './shell-lexer.ts';

/** Places that a command may name, each shown under a name of its own. */
export interface KnownPlaces {
  readonly home: string | undefined;
  /** The worktree of the lease. */
  readonly worktree: string;
  /** The folder that the person named: their own files. */
  readonly folder: string;
}

/** Programs that only run another one. */
const WRAPPERS = new Set(
  'sudo doas command builtin exec nohup nice ionice time env setsid stdbuf timeout xargs busybox'.split(' '),
);
const KEYWORDS = new Set('if then elif else do while until { !'.split(' '));
const SHELLS = new Set('sh bash dash zsh ksh ash'.split(' '));
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
const SYSTEM_PROGRAM = /^\/(?:usr\/)?(?:local\/)?s?bin\//;
/** Of texts inside texts: nobody writes more by accident. */
const DEEPEST = 4;
/** A line that is longer is data with a command around it. */
const MOST_CHARACTERS = 200_000;
/** Of one pipeline: what matters stands at its beginning. */
const MOST_OF_A_PIPELINE = 10_000;

const afterWrapper = (words: readonly string[]): readonly string[] => {
  let rest = words.slice(1);
  for (;;) {
    const [word = ''] = rest;
    if (/^-[ugU]$/.test(word)) rest = rest.slice(2);
    else if (/^-./.test(word) || ASSIGNMENT.test(word) || /^\d+(?:\.\d+)?[smhd]?$/.test(word)) rest = rest.slice(1);
    else return rest;
  }
};

/** Without what only stands before a command: keywords, assignments, `sudo` and its like; its program by its plain name. */
const bare = (words: readonly string[]): readonly string[] => {
  let rest = words;
  for (;;) {
    const [word = ''] = rest;
    if (KEYWORDS.has(word) || ASSIGNMENT.test(word)) rest = rest.slice(1);
    else if (WRAPPERS.has(word.replace(SYSTEM_PROGRAM, '')) && afterWrapper(rest).length > 0) rest = afterWrapper(rest);
    else return rest.length === 0 ? rest : [word.replace(SYSTEM_PROGRAM, ''), ...rest.slice(1)];
  }
};

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Names places by what they are: `~` of the person, `@folder` of the person, `.` of the run. */
const createNaming = ({ home, worktree, folder }: KnownPlaces) => {
  const at = (place: string) => new RegExp(`(?<![^=:,@\\s])${literal(place)}(?=/|$|[\\s'")])`, 'g');
  const names: readonly (readonly [RegExp, string])[] = [
    [at(worktree), '.'],
    [at(folder), '@folder'],
    ...(home && home !== '/' ? [[at(home), '~'] as const] : []),
    [/(?<![^=:,@\s])\$(?:HOME\b|\{HOME\})/g, '~'],
  ];
  return (word: string): string =>
    names.reduce((text, [pattern, name]) => text.replace(pattern, name), word).replace(/\s/g, '␣');
};

/** Texts that this command has a shell read. */
const scripts = (words: readonly string[]): readonly string[] => {
  const [program = '', ...rest] = words;
  if (program === 'eval') return [rest.join(' ')];
  if (!SHELLS.has(program)) return [];
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at < 0 ? [] : rest.slice(at + 1, at + 2);
};

const rendered = (words: readonly string[], nameOf: (word: string) => string): string =>
  words
    .map(nameOf)
    .join(' ')
    // Where output only goes to another descriptor, nothing is written.
    .replace(/ > (?:\d|-)(?= |$)/g, '');

/**
 * The commands of a line as a shell would run them, one text a pipeline: `rm -rf ~ | cat`. Quotes are gone, and blanks
 * inside of one argument are `␣`, so that a text that is only spoken of (`echo 'rm -rf /'`) is no command.
 */
export const shellCommands = (line: string, places: KnownPlaces): readonly string[] => {
  const nameOf = createNaming(places);
  const read = (text: string, depth: number): readonly string[] => {
    if (depth > DEEPEST) return [];
    const { pipelines, nested, documents } = lex(text.slice(0, MOST_CHARACTERS));
    const commands = pipelines.map((pipeline) => pipeline.map(bare));
    const inner = [
      ...nested,
      ...commands.flat().flatMap(scripts),
      ...documents.flatMap(({ reader, text: document }) => (SHELLS.has(bare(reader)[0] ?? '') ? [document] : [])),
    ];
    return [
      ...commands.map((pipeline) =>
        pipeline
          .map((words) => rendered(words, nameOf))
          .join(' | ')
          .slice(0, MOST_OF_A_PIPELINE),
      ),
      ...inner.flatMap((script) => read(script, depth + 1)),
    ];
  };
  return read(line, 0);
};
