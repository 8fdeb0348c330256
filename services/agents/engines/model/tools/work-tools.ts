import { lstat } from 'node:fs/promises';
import * as z from 'zod';
import { LearningDomain, type Operation, WorkspacePath } from '#contracts';
import { ForbiddenCommand } from '../../forbidden-command.ts';
import { applyOperations } from '../../operations/apply-operations.ts';
import { readText } from '../../operations/workspace-file.ts';
import { Miss, middleCut, type Tool, type ToolSpec, toolOf } from './tool.ts';
import { asRelative, locateToRead, type ToolContext } from './tool-context.ts';

const MAX_CONTENT = 1_000_000;
const MAX_OUTPUT = 12_000;

const Path = z.string().min(1).max(1_000).describe('relative to the workspace');

const WRITE = {
  name: 'write_file',
  description: 'Writes a whole text file. Folders are made as needed.',
  input: z.object({ path: Path, content: z.string().max(MAX_CONTENT) }),
} satisfies ToolSpec;

const EDIT = {
  name: 'edit_file',
  description: 'Replaces a text in a file. It has to stand there exactly so, and once, unless all is set.',
  input: z.object({
    path: Path,
    find: z.string().min(1).max(MAX_CONTENT),
    replace: z.string().max(MAX_CONTENT),
    all: z.boolean().default(false).describe('replace every place'),
  }),
} satisfies ToolSpec;

const DELETE = {
  name: 'delete_file',
  description: 'Deletes a file, or a folder with all that is in it.',
  input: z.object({ path: Path }),
} satisfies ToolSpec;

const MOVE = {
  name: 'move_file',
  description: 'Moves or renames a file or a folder.',
  input: z.object({ from: Path, to: Path }),
} satisfies ToolSpec;

const RUN = {
  name: 'run',
  description: 'Runs a shell command in the workspace and returns how it ended and what it printed.',
  input: z.object({
    command: z.string().min(1).max(10_000),
    timeout_s: z.number().positive().max(3_600).optional().describe('seconds; it is ended then'),
  }),
} satisfies ToolSpec;

const LEARNED = {
  name: 'note_learning',
  description: 'Keeps something that the next run in this project should know.',
  input: z.object({ text: z.string().trim().min(1).max(2_000), domain: LearningDomain.optional() }),
} satisfies ToolSpec;

export const WORK_SPECS: readonly ToolSpec[] = [WRITE, EDIT, DELETE, MOVE, RUN, LEARNED];

/** A path that leaves the workspace by its spelling is a slip that is told; nothing was touched. */
const pathOf = (context: ToolContext, path: string): string => {
  const parsed = WorkspacePath.safeParse(asRelative(context, path));
  if (!parsed.success)
    throw new Miss(`the path ${JSON.stringify(path)} is refused: ${parsed.error.issues[0]?.message}`);
  if (parsed.data === '.') throw new Miss('this is the workspace itself: name a file in it');
  return parsed.data;
};

/** One that leaves it through a link, or into a `.git`, ends the run, as it does for every plan. */
const apply = async (context: ToolContext, operation: Operation): Promise<string> => {
  const outcome = await applyOperations([operation], context);
  switch (outcome.outcome) {
    case 'done':
      context.say(outcome.summary);
      return outcome.summary;
    case 'failed':
      if (outcome.category === 'critical') context.stop(outcome);
      throw new Miss(outcome.error.replace(/^operation 1 of 1 \(\w+\): /, ''));
    case 'cannot':
      throw new Miss(outcome.reason);
  }
};

const HIDDEN = '[redacted]';

/** What was hidden from the model must not be written over with the word for it. */
const assertNothingHidden = async (context: ToolContext, path: string, text: string): Promise<void> => {
  if (!text.includes(HIDDEN)) return;
  const real = await locateToRead(context, path);
  const stats = await lstat(real).catch(() => null);
  const before = stats?.isFile() ? await readText(real) : null;
  if (before !== null && context.show(before) !== before)
    throw new Miss(`${HIDDEN} stands for a part of ${path} that you are not shown: leave it alone, edit around it`);
};

const write = async (context: ToolContext, input: z.output<typeof WRITE.input>): Promise<string> => {
  const path = pathOf(context, input.path);
  await assertNothingHidden(context, path, input.content);
  return apply(context, { op: 'write', path, content: input.content });
};

const edit = async (context: ToolContext, input: z.output<typeof EDIT.input>): Promise<string> => {
  const path = pathOf(context, input.path);
  const { find, replace, all } = input;
  await assertNothingHidden(context, path, replace);
  return apply(context, { op: 'edit', path, find, replace, all });
};

const run = async (context: ToolContext, { command, timeout_s }: z.output<typeof RUN.input>): Promise<string> => {
  context.say(`runs ${command.split('\n', 1)[0]}`);
  try {
    const limit = timeout_s === undefined ? {} : { timeoutMs: timeout_s * 1_000 };
    const outcome = await context.run(command, { ...limit, signal: context.signal });
    const end = outcome.timedOut
      ? `ended after ${Math.round(outcome.durationMs / 1_000)} s: it took longer than allowed`
      : `exit code ${outcome.exitCode ?? `none (${outcome.signal})`}`;
    return `[${end}]\n${context.show(middleCut(outcome.output, MAX_OUTPUT))}`;
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ForbiddenCommand)
      context.stop({ outcome: 'failed', error: error.message, category: 'critical' });
    throw error;
  }
};

/** Changing things. */
export const workTools = (context: ToolContext): readonly Tool[] => [
  toolOf(WRITE, (input) => write(context, input)),
  toolOf(EDIT, (input) => edit(context, input)),
  toolOf(DELETE, ({ path }) => apply(context, { op: 'delete', path: pathOf(context, path) })),
  toolOf(MOVE, ({ from, to }) => apply(context, { op: 'move', from: pathOf(context, from), to: pathOf(context, to) })),
  toolOf(RUN, (input) => run(context, input)),
  toolOf(LEARNED, async ({ text, domain }) => {
    context.learned?.({ domain: domain ?? null, text });
    return 'noted';
  }),
];
