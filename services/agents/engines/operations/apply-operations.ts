import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Operation } from '#contracts';
import type { CommandOutcome, EngineContext, WorkOutcome } from '../engine.ts';
import { ForbiddenCommand } from '../forbidden-command.ts';
import { editText, isInserted } from './edit-text.ts';
import { createJournal, type Journal } from './journal.ts';
import { locate, OutsideWorkspace, readText, writeAtomically } from './workspace-file.ts';

export interface ApplyOptions extends Pick<EngineContext, 'directory' | 'run' | 'signal'> {
  /**
   * The tree may hold the effects of an earlier try of these operations: what is already so is skipped. Without it an
   * edit whose `find` is absent fails, even when its replacement is there.
   */
  readonly repeat?: boolean;
}

/** Characters of a command's output in an error: its end, where the reason stands. */
const OUTPUT_TAIL = 2_000;

class OperationFailed extends Error {}

type Of<Op extends Operation['op']> = Extract<Operation, { op: Op }>;
type Apply = ApplyOptions & { readonly journal: Journal };

const isPresent = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const textOf = async (real: string, path: string): Promise<string> => {
  if (!(await isPresent(real))) throw new OperationFailed(`${path} does not exist, so there is nothing to edit in it`);
  if (!(await lstat(real)).isFile()) throw new OperationFailed(`${path} is not a file`);
  const content = await readText(real);
  if (content === null) throw new OperationFailed(`${path} is a binary file or not UTF-8; only text can be edited`);
  return content;
};

const write = async ({ path, content }: Of<'write'>, { directory, journal }: Apply): Promise<string> => {
  const real = await locate(directory, path, { follow: true });
  await journal.remember(real);
  await writeAtomically(real, content);
  return `wrote ${path}`;
};

const quote = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);

const edit = async (operation: Of<'edit'>, { directory, journal, repeat }: Apply): Promise<string> => {
  const { path, find } = operation;
  const real = await locate(directory, path, { follow: true });
  const content = await textOf(real, path);
  if (repeat && isInserted(content, operation)) return `${path} already has it`;
  const result = editText(content, operation);
  switch (result.outcome) {
    case 'absent':
      if (repeat && result.alreadyReplaced) return `${path} already has it`;
      throw new OperationFailed(`${path} does not contain ${quote(find)}; look at the file and correct \`find\``);
    case 'ambiguous':
      throw new OperationFailed(
        `${path} contains ${quote(find)} ${result.lines.length} times (lines ${result.lines.slice(0, 10).join(', ')}); ` +
          'make `find` longer so that it names one place, or set `all: true`',
      );
    case 'edited':
      await journal.remember(real);
      await writeAtomically(real, result.content);
      return `edited ${path} (${result.count === 1 ? 'one place' : `${result.count} places`})`;
  }
};

const remove = async ({ path }: Of<'delete'>, { directory, journal, repeat }: Apply): Promise<string> => {
  const real = await locate(directory, path, { follow: false });
  if (!(await isPresent(real))) {
    if (repeat) return `${path} is already gone`;
    throw new OperationFailed(`${path} does not exist, so it cannot be deleted`);
  }
  await journal.remember(real);
  await rm(real, { recursive: true });
  return `deleted ${path}`;
};

const move = async ({ from, to }: Of<'move'>, { directory, journal, repeat }: Apply): Promise<string> => {
  const source = await locate(directory, from, { follow: false });
  const target = await locate(directory, to, { follow: false });
  const [hasSource, hasTarget] = [await isPresent(source), await isPresent(target)];
  if (repeat && !hasSource && hasTarget) return `${from} is already ${to}`;
  if (!hasSource) throw new OperationFailed(`${from} does not exist, so it cannot be moved to ${to}`);
  if (hasTarget) throw new OperationFailed(`${to} exists already; delete it first or move ${from} elsewhere`);
  await mkdir(dirname(target), { recursive: true });
  await rename(source, target);
  journal.onUndo(() => rename(target, source));
  return `moved ${from} to ${to}`;
};

const explainEnd = ({ timedOut, signal, exitCode, durationMs }: CommandOutcome): string => {
  if (timedOut) return `took longer than allowed and was ended after ${Math.round(durationMs / 1000)} s`;
  return signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
};

const run = async ({ command, timeout_s }: Of<'run'>, options: Apply): Promise<string> => {
  const outcome = await options.run(command, timeout_s === undefined ? {} : { timeoutMs: timeout_s * 1000 });
  options.signal.throwIfAborted();
  if (outcome.exitCode === 0 && !outcome.timedOut) return `ran ${command}`;
  throw new OperationFailed(`\`${command}\` ${explainEnd(outcome)}\n${outcome.output.slice(-OUTPUT_TAIL)}`.trimEnd());
};

const apply = (operation: Operation, options: Apply): Promise<string> => {
  switch (operation.op) {
    case 'write':
      return write(operation, options);
    case 'edit':
      return edit(operation, options);
    case 'delete':
      return remove(operation, options);
    case 'move':
      return move(operation, options);
    case 'run':
      return run(operation, options);
  }
};

const explain = (error: unknown): { error: string; category?: 'critical' } => {
  if (error instanceof OutsideWorkspace || error instanceof ForbiddenCommand)
    return { error: error.message, category: 'critical' };
  return { error: error instanceof Error ? error.message : String(error) };
};

/**
 * Applies operations in order; the first that fails ends it and undoes what the others did to files, so that the next
 * try meets the tree this one met. What a `run` did is not undone. A path that leaves the workspace is `critical`, and so is a
 * forbidden command.
 * @returns `done` or `failed`, never `cannot`
 * @throws the reason of `signal` when it is aborted
 */
export const applyOperations = async (
  operations: readonly Operation[],
  options: ApplyOptions,
): Promise<WorkOutcome> => {
  const journal = createJournal();
  const summary: string[] = [];
  try {
    for (const operation of operations) {
      options.signal.throwIfAborted();
      summary.push(await apply(operation, { ...options, journal }));
    }
    return { outcome: 'done', summary: summary.join('; ') };
  } catch (error) {
    await journal.undo();
    options.signal.throwIfAborted();
    const position = `operation ${summary.length + 1} of ${operations.length} (${operations[summary.length]?.op})`;
    const { error: message, ...category } = explain(error);
    return { outcome: 'failed', error: `${position}: ${message}`, ...category };
  } finally {
    await journal.close();
  }
};
