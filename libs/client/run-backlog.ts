import type { Claim } from '#backlog';
import { type BacklogRun, type BacklogRunAnswer, InvalidInput, RuleViolation } from '#contracts';
import type { BacklogStore } from './backlog-store.ts';
import type { Parts } from './parts.ts';
import type { Studio, SubmitOptions } from './studio.ts';
import { workNotHere } from './work-not-here.ts';

/** Tasks of one goal. What is left is for the next run. */
const MOST_TASKS = 200;

const isUnsubmitted = ({ ended, orchestration }: Claim): boolean => !ended && orchestration === null;

/** How a run was asked for, as its goal says it; the rest of the request says which tasks. */
const goalOptions = ({ workspace: _workspace, max: _max, tasks: _tasks, ...how }: BacklogRun) => how;

/**
 * Promises tasks to a run, submits it, and tells the backlog which it is. Whoever dies between these leaves a promise
 * without a run, and the next one who asks submits it: under its own key, so that there is never a second.
 */
export const createRunBacklog = (parts: Parts, store: BacklogStore, submit: Studio['submit']) => {
  const giveBack = (workspace: string, { run }: Claim, reason: string) =>
    store.execute(workspace, { do: 'finish', run, reason });

  const submitClaim = async (claim: Claim, request: BacklogRun, origin: SubmitOptions): Promise<BacklogRunAnswer> => {
    const { workspace } = request;
    const { claimedGoal } = await import('#backlog');
    const goal = claimedGoal(claim, await store.load(workspace), workspace);
    const answer = await submit({ ...goalOptions(request), ...goal }, origin);
    if (answer.outcome === 'rejected') {
      await giveBack(workspace, claim, answer.problems.join('; '));
      throw new InvalidInput('the run was refused', answer.problems);
    }
    await store.execute(workspace, { do: 'attach', run: claim.run, orchestration: answer.id });
    // A conflict is the same claim, asked for with other options: there is one run of it, and this is it.
    const outcome = answer.outcome === 'created' ? 'created' : 'duplicate';
    return { outcome, id: answer.id, tasks: [...claim.tasks] };
  };

  /** @returns the run that does what is asked for, or `null` */
  const submitLeft = async (request: BacklogRun, origin: SubmitOptions): Promise<BacklogRunAnswer | null> => {
    const { claims } = await store.load(request.workspace);
    let found: BacklogRunAnswer | null = null;
    for (const claim of claims.filter(isUnsubmitted)) {
      const answer = await submitClaim(claim, request, origin);
      const isAskedFor = request.tasks?.every((task) => claim.tasks.includes(task)) ?? true;
      if (isAskedFor) found ??= { ...answer, outcome: 'duplicate' };
    }
    return found;
  };

  return async (request: BacklogRun, origin: SubmitOptions): Promise<BacklogRunAnswer> => {
    const left = await submitLeft(request, origin);
    if (left) return left;
    const { workspace, tasks = null, max = MOST_TASKS } = request;
    const claimed = await store.execute(workspace, { do: 'claim', tasks, max: Math.min(max, MOST_TASKS) });
    const claim = claimed.state.claims.at(-1);
    if (!claim) throw new Error('tasks were claimed and there is no claim');
    const missing = await workNotHere(parts, { claim, backlog: claimed.state, workspace });
    if (missing.length > 0) {
      await giveBack(workspace, claim, missing.join('; '));
      throw new RuleViolation('backlog.work_not_here', missing.join('; '));
    }
    return submitClaim(claim, request, origin);
  };
};
