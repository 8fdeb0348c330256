import { lstat } from 'node:fs/promises';
import picomatch from 'picomatch';
import * as z from 'zod';
import { askGit, type GitResult } from '#repository';
import { listFiles } from '../../list-files.ts';
import { readText } from '../../operations/workspace-file.ts';
import { MAX_RESULT, Miss, type Tool, type ToolSpec, toolOf } from './tool.ts';
import { asRelative, locateToRead, type ToolContext } from './tool-context.ts';

const MAX_LISTED = 500;
const MAX_FOUND = 200;
const MAX_LINE = 300;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const SEARCH_TIMEOUT_MS = 20_000;

const Folder = z.string().max(1_000).default('.').describe('a folder of the workspace');

const LIST = {
  name: 'list_files',
  description: `Lists files of the workspace that git does not ignore, at most ${MAX_LISTED}.`,
  input: z.object({
    folder: Folder,
    glob: z.string().max(500).optional().describe('only files whose path matches, like src/**/*.ts'),
  }),
} satisfies ToolSpec;

const READ = {
  name: 'read_file',
  description: 'Reads a text file, or a part of it.',
  input: z.object({
    path: z.string().min(1).max(1_000).describe('relative to the workspace'),
    from: z.int().positive().default(1).describe('first line'),
    lines: z.int().positive().max(5_000).default(1_000),
  }),
} satisfies ToolSpec;

const SEARCH = {
  name: 'search',
  description: `Searches the files of the workspace for a POSIX extended regular expression; at most ${MAX_FOUND} lines.`,
  input: z.object({
    pattern: z.string().min(1).max(500),
    folder: Folder,
    ignore_case: z.boolean().default(false),
  }),
} satisfies ToolSpec;

export const READ_SPECS: readonly ToolSpec[] = [LIST, READ, SEARCH];

const within = (folder: string) => (path: string) => folder === '.' || path.startsWith(`${folder.replace(/\/$/, '')}/`);

const capped = (lines: readonly string[], most: number, what: string): string => {
  if (lines.length === 0) return `no ${what}`;
  const rest = lines.length - most;
  return [...lines.slice(0, most), ...(rest > 0 ? [`[… ${rest} more ${what}; narrow it down …]`] : [])].join('\n');
};

const list = async (context: ToolContext, input: z.output<typeof LIST.input>): Promise<string> => {
  const folder = asRelative(context, input.folder);
  context.say(`lists ${folder === '.' ? 'the workspace' : folder}`);
  const matches = input.glob === undefined ? () => true : picomatch(input.glob, { dot: true });
  const files = await listFiles(context);
  return capped(
    files.filter((path) => within(folder)(path) && matches(path)),
    MAX_LISTED,
    'files',
  );
};

const textOf = async (context: ToolContext, path: string): Promise<string> => {
  const real = await locateToRead(context, path);
  const stats = await lstat(real).catch(() => null);
  if (stats === null) throw new Miss(`${path} does not exist`);
  if (!stats.isFile()) throw new Miss(`${path} is not a file; list_files shows what is in a folder`);
  if (stats.size > MAX_FILE_BYTES) throw new Miss(`${path} has ${stats.size} bytes, too many to read; search in it`);
  const text = await readText(real);
  if (text === null) throw new Miss(`${path} is a binary file or not UTF-8`);
  return context.show(text);
};

/** As many of the lines as fit, at least one. */
const fitting = (lines: readonly string[]): readonly string[] => {
  let left = MAX_RESULT;
  const end = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return end < 0 ? lines : lines.slice(0, Math.max(1, end));
};

const read = async (context: ToolContext, { path, from, lines }: z.output<typeof READ.input>): Promise<string> => {
  context.say(`reads ${path}`);
  const all = (await textOf(context, path)).split('\n');
  const part = fitting(all.slice(from - 1, from - 1 + lines));
  if (part.length === 0) throw new Miss(`${path} has only ${all.length} lines`);
  const text = part.join('\n').slice(0, MAX_RESULT);
  if (part.length === all.length && text.length < MAX_RESULT) return text;
  return `[lines ${from} to ${from + part.length - 1} of ${all.length}]\n${text}`;
};

const grep = async (context: ToolContext, args: readonly string[]): Promise<GitResult> => {
  const { directory, repository = { cwd: directory }, signal } = context;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SEARCH_TIMEOUT_MS)]);
  try {
    return await askGit(repository, ['--literal-pathspecs', 'grep', ...args], { signal: limit });
  } catch {
    signal.throwIfAborted();
    throw new Miss('the search took too long or found too much; narrow it down');
  }
};

/** git has the regular expressions of POSIX, which do not run for ever, and knows what is ignored. It follows no link. */
const search = async (context: ToolContext, input: z.output<typeof SEARCH.input>): Promise<string> => {
  const folder = asRelative(context, input.folder);
  context.say(`searches for ${input.pattern}`);
  if (folder !== '.') await locateToRead(context, folder);
  const flags = ['-n', '-I', '-E', '--no-color', '--no-index', '--exclude-standard'];
  const args = [...flags, ...(input.ignore_case ? ['-i'] : []), '-e', input.pattern, '--', folder];
  const { exitCode, stdout, stderr } = await grep(context, args);
  if (exitCode > 1) throw new Miss(`the search failed: ${stderr.slice(0, 500)}`);
  const found = stdout.split('\n').filter((line) => line !== '');
  const lines = found.map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line));
  return context.show(capped(lines, MAX_FOUND, 'matches')).slice(0, MAX_RESULT);
};

/** Looking around. None of it changes anything. */
export const readTools = (context: ToolContext): readonly Tool[] => [
  toolOf(LIST, (input) => list(context, input)),
  toolOf(READ, (input) => read(context, input)),
  toolOf(SEARCH, (input) => search(context, input)),
];
