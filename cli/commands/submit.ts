import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Studio } from '#client';
import { InvalidInput, type SubmitAnswer } from '#contracts';
import type { Call, Run } from '../command.ts';
import { assertKnownEngine } from '../engines/known-engines.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { GoalOptions, type GoalRequest, goalRequest, workspaceOf } from '../goal-options.ts';
import { show, writeLines } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { renderAnswer, renderTally } from '../render/answer.ts';
import { withSession } from '../session.ts';

const SubmitFlags = GoalOptions.extend({ file: z.string().optional() });

const codeFor = (answers: readonly SubmitAnswer['outcome'][]): ExitCode =>
  answers.some((outcome) => outcome === 'conflict' || outcome === 'rejected') ? EXIT.usage : EXIT.done;

const submitOne = async (call: Call, studio: Studio, { input, plan }: GoalRequest): Promise<ExitCode> => {
  const answer = await studio.submit(input, {
    trigger: 'cli',
    source: 'studio submit',
    ...(plan ? { planSource: plan.source } : {}),
  });
  show(call, answer, renderAnswer);
  return codeFor([answer.outcome]);
};

/** Goals stored at once: enough to hide the way to Redis and back, few enough to answer in order. */
const AT_ONCE = 32;

const parseLine = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    // Intake refuses it, and leaves the trace that a refusal leaves.
    return line;
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Lines {
  readonly name: string;
  readonly workspace: string;
}

const submitLine = async (studio: Studio, { name, workspace }: Lines, text: string, number: number) => {
  const read = parseLine(text);
  const goal = isRecord(read) ? { workspace, ...read } : read;
  const answer = await studio.submit(goal, { trigger: 'file', source: `${name} line ${number}` });
  return typeof read === 'string' && answer.outcome === 'rejected'
    ? { ...answer, problems: ['the line is not a JSON document: {"goal": "…"}'] }
    : answer;
};

/** @throws {InvalidInput} the file cannot be opened */
const openInput = async ({ io }: Call, file: string): Promise<Readable> => {
  if (file === '-') return io.stdin;
  const path = resolve(io.cwd, file);
  const handle = await open(path).catch((error: unknown) => {
    throw new InvalidInput('no goals', [`${path} cannot be read (${error instanceof Error ? error.message : error})`]);
  });
  return handle.createReadStream();
};

/** One answer a line, in the order of the lines; a bad line costs only itself. */
const submitFile = async (call: Call, studio: Studio, source: Readable, lines: Lines): Promise<ExitCode> => {
  const input = createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY });
  const outcomes: SubmitAnswer['outcome'][] = [];
  const batch: Promise<SubmitAnswer>[] = [];
  const flush = async (): Promise<void> => {
    for (const answer of await Promise.all(batch.splice(0))) {
      outcomes.push(answer.outcome);
      show(call, answer, renderAnswer);
    }
  };
  let number = 0;
  for await (const text of input) {
    number += 1;
    if (text.trim() === '') continue;
    batch.push(submitLine(studio, lines, text, number));
    if (batch.length === AT_ONCE) await flush();
  }
  await flush();
  writeLines(call.io.stderr, [renderTally(outcomes)]);
  return codeFor(outcomes);
};

export const submit: Run = async (call) => {
  const options = parseOptions(SubmitFlags, call.options);
  const [goal] = call.args;
  const file = options.file ?? (goal === '-' ? '-' : undefined);
  if (file !== undefined) {
    const lines = { name: file === '-' ? 'stdin' : `file ${file}`, workspace: workspaceOf(options, call.io) };
    const source = await openInput(call, file);
    return withSession(call, ({ studio }) => submitFile(call, studio, source, lines));
  }
  if (!goal) throw new InvalidInput('no goal', ['say what is to be done, or name a file with --file goals.jsonl']);
  await assertKnownEngine(call.io, options.engine);
  const request = await goalRequest(goal, options, call.io);
  return withSession(call, ({ studio }) => submitOne(call, studio, request));
};
