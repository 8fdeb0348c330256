import { RuleViolation } from '#contracts';
import { findCheckpoint, latestCheckpoint, namedCheckpoints } from '../checkpoints/find-checkpoint.ts';
import type { CommandOf } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { type Checkpoint, currentInvocation, type Ended, type Live, presentFailures, type Run } from '../run.ts';
import { closeOpenWork } from '../work/work.decide.ts';

/** It went back there, and nobody has begun since. */
const isThere = (run: Live, { id }: Checkpoint): boolean => {
  const current = currentInvocation(run);
  return (
    run.past.checkpoint === id &&
    !run.paused &&
    latestCheckpoint(run)?.id === id &&
    current?.status === 'active' &&
    current.leases === 0 &&
    (current.dispatch ?? 0) > run.past.version &&
    presentFailures(run).length === 0
  );
};

/**
 * What going on means for this run.
 * @throws {RuleViolation} it goes on already, and nobody said where to go back to
 */
export const resumeAs = (
  run: Live | Ended,
  { checkpoint }: CommandOf<'resume'>,
): CommandOf<'continue'> | CommandOf<'rewind'> => {
  if (checkpoint !== null || run.lifecycle === 'ended') return { type: 'rewind', checkpoint };
  if (run.paused) return { type: 'continue' };
  const last = latestCheckpoint(run);
  // The same command again, of somebody who was not told that it was done.
  if (last && isThere(run, last)) return { type: 'rewind', checkpoint: last.id };
  throw new RuleViolation(
    'orchestration.not_paused',
    `${run.id} is not paused, it goes on; to go back, name one of its checkpoints: ${namedCheckpoints(run) || 'there is none yet'}`,
    { checkpoints: run.checkpoints.map(({ id }) => id) },
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

/**
 * Goes back to a checkpoint, in the same run. What was asked since has no more use for an answer.
 * @throws {RuleViolation} no such checkpoint, or an end that stands
 */
export const rewind = (run: Live | Ended, { checkpoint: wanted }: CommandOf<'rewind'>): Decision => {
  if (run.lifecycle === 'ended') assertMayLive(run);
  const checkpoint = findCheckpoint(run, wanted);
  if (run.lifecycle === 'live' && isThere(run, checkpoint)) return [];
  const { id, version } = checkpoint;
  return [...superseded(run), fact('orchestration.resumed', { checkpoint: id, version })];
};

/** Closes what is open: it was asked on a way that the run is no longer on. */
export const superseded = (run: Run): Decision => [...supersededQuestions(run), ...closeOpenWork(run, 'superseded')];

const supersededQuestions = ({ interactions }: Run): Decision =>
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
