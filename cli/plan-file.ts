import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { InvalidInput, Plan } from '#contracts';

export interface FoundPlan {
  readonly plan: Plan;
  /** For the log: where it was found. */
  readonly source: string;
}

const parsePlan = (file: string, document: unknown): FoundPlan => {
  const parsed = Plan.safeParse(document);
  if (parsed.success) return { plan: parsed.data, source: `file ${file}` };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the plan'}: ${message}`);
  throw new InvalidInput(`${file} is not a plan`, problems);
};

const readDocument = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidInput('no plan', [`${file} cannot be read (${error instanceof Error ? error.message : error})`]);
  });
  try {
    // YAML takes JSON too.
    return parse(text);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new InvalidInput(`${file} is not a plan`, [`it is neither JSON nor YAML: ${reason}`]);
  }
};

/** @throws {InvalidInput} with every problem of the file */
export const readPlan = async (file: string): Promise<FoundPlan> => parsePlan(file, await readDocument(file));

const Claim = z.object({ goal: z.string().optional(), task_id: z.string().optional() });

/** A task that a run named after itself. */
const OF_A_RUN = /^task_\d{8}_\d{6}_[0-9a-f]+$/;

/**
 * A plan counts when it says that it is for this goal, not because it lies there. One that a run made lies there for people
 * to read: it was made for the files of its day, so it counts only by the name of its task.
 */
const isFor = (document: unknown, goal: string): boolean => {
  const claim = Claim.safeParse(document);
  if (!claim.success) return false;
  const { goal: claimed, task_id: task = '' } = claim.data;
  return task === goal.trim() || (claimed?.trim() === goal.trim() && !OF_A_RUN.test(task));
};

/**
 * The plan under `<workspace>/.studio/tasks` whose goal or task id is the one asked for, or `null`. Files that are for
 * something else may be as broken as they like.
 * @throws {InvalidInput} the one that matches is not a valid plan
 */
export const findMatchingPlan = async (workspace: string, goal: string): Promise<FoundPlan | null> => {
  const tasks = join(workspace, '.studio', 'tasks');
  for (const name of (await readdir(tasks).catch(() => [])).sort()) {
    const file = join(tasks, name, 'plan.json');
    const document = await readDocument(file).catch(() => null);
    if (isFor(document, goal)) return parsePlan(file, document);
  }
  return null;
};
