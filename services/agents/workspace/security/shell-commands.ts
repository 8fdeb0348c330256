import { type Lexed, lex } from './shell-lexer.ts';

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
  'sudo doas command builtin exec coproc nohup nice ionice time env setsid stdbuf timeout xargs busybox'.split(' '),
);
const KEYWORDS = new Set('if then elif else do while until { !'.split(' '));
const SHELLS = new Set('sh bash dash zsh ksh ash'.split(' '));
const PRINTERS = new Set('echo printf'.split(' '));
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
const SYSTEM_PROGRAM = /^\/(?:usr\/)?(?:local\/)?s?bin\//;
/** Of texts inside texts: nobody writes more by accident. */
const DEEPEST = 4;
/** A line that is longer is data with a command around it. */
const MOST_CHARACTERS = 200_000;
/** Of one pipeline: what matters stands at its beginning. */
const MOST_OF_A_PIPELINE = 10_000;

/** Where the command begins that a wrapper at `at` runs. */
const behindWrapper = (words: readonly string[], at: number): number => {
  for (let next = at + 1; ; ) {
    const word = words[next] ?? '';
    if (/^-[ugU]$/.test(word)) next += 2;
    else if (/^-./.test(word) || ASSIGNMENT.test(word) || /^\d+(?:\.\d+)?[smhd]?$/.test(word)) next += 1;
    else return next;
  }
};

/** Behind what stands at `at` and only comes before a command: a redirection, a keyword, an assignment, `sudo` and its like. */
const behind = (words: readonly string[], at: number): number => {
  const word = words[at] ?? '';
  if (word === '>' || word === '<') return words.length > at + 2 ? at + 2 : at;
  if (KEYWORDS.has(word) || ASSIGNMENT.test(word)) return at + 1;
  const next = WRAPPERS.has(word.replace(SYSTEM_PROGRAM, '')) ? behindWrapper(words, at) : at;
  return next < words.length ? next : at;
};

/** The command alone; its program by its plain name. */
const bare = (words: readonly string[]): readonly string[] => {
  let at = 0;
  for (let next = behind(words, at); next > at; next = behind(words, at)) at = next;
  const [program, ...args] = words.slice(at);
  return program === undefined ? [] : [program.replace(SYSTEM_PROGRAM, ''), ...args];
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

/** Texts that this command has a shell read; what is read from a file called like a command is none, and does no harm. */
const scripts = (words: readonly string[]): readonly string[] => {
  const [program = '', ...rest] = words;
  if (program === 'eval') return [rest.join(' ')];
  if (program === 'trap') return rest.slice(0, 1);
  if (!SHELLS.has(program)) return [];
  const at = rest.findIndex((word) => word === '<' || /^-[a-z]*c$/.test(word));
  return at < 0 ? [] : rest.slice(at + 1, at + 2);
};

const isShell = (words: readonly string[]): boolean => SHELLS.has(bare(words)[0] ?? '');

type Pipeline = readonly (readonly string[])[];

/** Texts that reach a shell through a pipe: what is printed, and the documents that somebody before it reads. */
const piped = (pipelines: readonly Pipeline[], documents: Lexed['documents']): readonly string[] =>
  pipelines.flatMap((pipeline) => {
    const shell = pipeline.findLastIndex(isShell);
    const before = pipeline.slice(0, shell + 1);
    return [
      ...before.map(bare).flatMap(([program = '', ...text]) => (PRINTERS.has(program) ? [text.join(' ')] : [])),
      ...documents.filter(({ reader }) => before.includes(reader)).map(({ text }) => text),
    ];
  });

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
    const inner = [...nested, ...commands.flat().flatMap(scripts), ...piped(pipelines, documents)];
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
