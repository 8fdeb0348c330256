import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { gitUrlOf, gitUrlText, InvalidInput, parseGitUrl } from '#contracts';
import { readAnswers } from './answers-file.ts';
import type { Io } from './io.ts';
import { UsDollars, WholeNumber } from './parse-options.ts';
import { type FoundPlan, findMatchingPlan, readPlan } from './plan-file.ts';
import { type GoalText, readGoalText } from './specification-file.ts';

/** What `build`, `orchestrate build` and `submit` take about a goal. */
export const GoalOptions = z.object({
  workspace: z.string().optional(),
  plan: z.string().optional(),
  task: z.array(z.string()).optional(),
  sequential: z.boolean().optional(),
  engine: z.string().optional(),
  answers: z.string().optional(),
  attended: z.boolean().optional(),
  check: z.array(z.string()).optional(),
  label: z.array(z.string().regex(/^[^=]+=/, { error: 'a label looks like team=web' })).optional(),
  includeDirty: z.boolean().optional(),
  mode: z.enum(['implicit', 'explicit']).optional(),
  key: z.string().optional(),
  priority: WholeNumber.optional(),
  budget: UsDollars.optional(),
  budgetTokens: WholeNumber.optional(),
});
export type GoalOptions = z.infer<typeof GoalOptions>;

/** With a Redis elsewhere the workspace may be elsewhere too: then the builder judges. */
const assertFolder = (folder: string, { env }: Io): void => {
  if (env.REDIS_URL || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new InvalidInput('no workspace', [`${folder} is not a folder: name one with --workspace`]);
};

/**
 * A folder, or a git URL.
 * @throws {InvalidInput}
 */
export const workspaceOf = ({ workspace }: Pick<GoalOptions, 'workspace'>, io: Io): string => {
  const answer = workspace === undefined ? null : parseGitUrl(workspace);
  if (answer && 'problem' in answer)
    throw new InvalidInput('no workspace', [`this git URL is not taken: ${answer.problem}`]);
  if (answer) return gitUrlText(answer.gitUrl);
  const folder = resolve(io.cwd, workspace ?? '.');
  assertFolder(folder, io);
  return folder;
};

export const labelsOf = (labels: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(labels.map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]));

/** @throws {InvalidInput} a git URL has no checkout that a change could be brought into */
export const assertCanApply = ({ apply, workspace }: { readonly apply?: boolean | undefined } & GoalOptions): void => {
  if (!apply || workspace === undefined || !parseGitUrl(workspace)) return;
  throw new InvalidInput('nothing to apply to', [
    'a git URL has no checkout: leave --apply out, and merge the branch studio/<id> that is pushed there',
  ]);
};

export interface GoalRequest {
  /** As intake takes it; intake judges it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly plan: FoundPlan | null;
}

/** One that was named, or lies there for this goal. What consists of tasks has a plan for each, if any. */
const planFor = async (
  { goal, specification }: GoalText,
  workspace: string,
  { plan, task }: GoalOptions,
  io: Io,
): Promise<FoundPlan | null> => {
  if (plan) return readPlan(resolve(io.cwd, plan));
  return task || specification !== undefined || gitUrlOf(workspace) ? null : findMatchingPlan(workspace, goal);
};

/**
 * The goal that was typed, as a document.
 * @throws {InvalidInput} the workspace or the plan file cannot be used
 */
export const goalRequest = async (goal: string, options: GoalOptions, io: Io): Promise<GoalRequest> => {
  const workspace = workspaceOf(options, io);
  const text = await readGoalText(goal, io);
  const plan = await planFor(text, workspace, options, io);
  const { task, sequential, check, label, includeDirty, engine, mode, key, priority, attended, budget, budgetTokens } =
    options;
  const answers = options.answers && (await readAnswers(resolve(io.cwd, options.answers)));
  const given = {
    ...text,
    tasks: task,
    sequential,
    checks: check,
    engine,
    answers,
    attended,
    mode,
    key,
    priority,
    include_dirty: includeDirty,
    budget_usd: budget,
    budget_tokens: budgetTokens,
    plan: plan?.plan,
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    input: { workspace, ...Object.fromEntries(present), ...(label ? { labels: labelsOf(label) } : {}) },
    plan,
  };
};
