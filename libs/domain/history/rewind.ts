import { RuleViolation } from '#contracts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { type Checkpoint, currentInvocation, type Ended, type Live, presentFailures, type Run } from '../run.ts';

/** The newest checkpoint on the way that the run is on: of one that went back, where it went back to until there is another. */
const latest = ({ checkpoints, past }: Run): Checkpoint | undefined => {
  const last = checkpoints.at(-1);
  return last && last.version > past.version ? last : (checkpoints.find(({ id }) => id === past.checkpoint) ?? last);
};

/** By its id, or by its name: of several that are called the same, the newest. */
const find = (run: Run, wanted: string | null): Checkpoint => {
  const { id: run_, checkpoints } = run;
  const found =
    wanted === null
      ? latest(run)
      : (checkpoints.find(({ id }) => id === wanted) ?? checkpoints.findLast(({ name }) => name === wanted));
  if (found) return found;
  const known = checkpoints.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new RuleViolation(
    'checkpoint.unknown',
    known === ''
      ? `${run_} has no checkpoint yet: there is nothing to go back to`
      : `${run_} has no checkpoint "${wanted}"; it has ${known}`,
    { checkpoints: checkpoints.map(({ id }) => id) },
  );
};

/** It went back there, and nobody has begun since. */
const isThere = (run: Live, { id }: Checkpoint): boolean => {
  const current = currentInvocation(run);
  return (
    run.past.checkpoint === id &&
    !run.paused &&
    latest(run)?.id === id &&
    current?.status === 'active' &&
    current.leases === 0 &&
    (current.dispatch ?? 0) > run.past.version &&
    presentFailures(run).length === 0
  );
};

/** Rule: an end that others may build on stands. */
const assertMayLive = (run: Ended): void => {
  const { id, outcome, landed, submission } = run;
  if (outcome.kind === 'completed')
    throw new RuleViolation(
      'orchestration.completed',
      `${id} has completed, and stays as it is; to try another way from one of its checkpoints: studio fork ${id} --at CHECKPOINT`,
    );
  if (landed === 'discarded')
    throw new RuleViolation('branch.discarded', `the work of ${id} was discarded: there is nothing to go back to`);
  if (submission.parent)
    throw new RuleViolation(
      'orchestration.child_ended',
      `${id} was task ${submission.parent.task} of ${submission.parent.orchestration}, which knows that it ended: go back there, or fork it`,
    );
};

/** Rule: nobody works for a run that does not know of it. */
const assertNoneForgotten = (run: Run, { id, saved }: Checkpoint): void => {
  const forgotten = run.children.filter(
    ({ status, task }) => status === 'running' && !saved.children.some((child) => child.task.id === task.id),
  );
  if (forgotten.length === 0) return;
  const tasks = forgotten.map(({ task }) => task.id).join(', ');
  throw new RuleViolation(
    'orchestration.tasks_running',
    `${tasks} of ${run.id} began after checkpoint ${id} and still run: wait for them or abort, or fork from the checkpoint`,
  );
};

/**
 * Goes back to a checkpoint, in the same run. What was asked since has no more use for an answer.
 * @throws {RuleViolation} no such checkpoint, or an end that stands
 */
export const rewind = (run: Live | Ended, { checkpoint: wanted }: CommandOf<'rewind'>): Decision => {
  if (run.lifecycle === 'ended') assertMayLive(run);
  const checkpoint = find(run, wanted);
  if (run.lifecycle === 'live' && isThere(run, checkpoint)) return [];
  assertNoneForgotten(run, checkpoint);
  const { id, version } = checkpoint;
  return [...superseded(run), fact('orchestration.resumed', { checkpoint: id, version })];
};

/** Closes what is open: it was asked on a way that the run is no longer on. */
export const superseded = ({ interactions }: Run): Decision =>
  interactions
    .filter(({ outcome }) => outcome === null)
    .map(({ id }) =>
      fact('interaction.closed', {
        interaction: id,
        outcome: 'superseded',
        answer: null,
        note: null,
        assumed: false,
      }),
    );
