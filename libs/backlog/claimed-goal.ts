import type { Goal } from '#contracts';
import { taskChecks, taskGoal } from '#domain';
import { claimName } from './followed-run.ts';
import type { BacklogState, Claim, Item } from './state.ts';

/** The longest goal that a task of a run takes. */
const MOST_CHARACTERS = 16_000;
/** Tasks that the goal names; the run has all of them. */
const NAMED = 5;

const name = ({ id, title }: Item): string => `${id} ${title}`;

const summary = (items: readonly Item[]): string => {
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  return `Work through the backlog: ${items.slice(0, NAMED).map(name).join('; ')}${more}`;
};

/**
 * What is submitted for a claim: its tasks under one goal, with edges among themselves only, because what else they
 * depend on is done. Its key makes one run of it, however often it is submitted.
 */
export const claimedGoal = ({ run, tasks }: Claim, { items }: BacklogState, workspace: string) => {
  const chosen = tasks.flatMap((id) => items.find((item) => item.id === id) ?? []);
  const among = new Set(tasks);
  const backlog = claimName(workspace, run);
  return {
    goal: summary(chosen),
    workspace,
    backlog,
    key: backlog,
    tasks: chosen.map((item) => ({
      id: item.id,
      goal: taskGoal(item).slice(0, MOST_CHARACTERS).trimEnd(),
      depends_on: item.depends_on.filter((other) => among.has(other)),
      files: item.files,
      ...taskChecks(item),
      ...(item.plan && { plan: item.plan }),
    })),
  } satisfies Partial<Goal>;
};
