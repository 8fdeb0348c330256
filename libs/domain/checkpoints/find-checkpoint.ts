import { RuleViolation } from '#contracts';
import type { Checkpoint, Run } from '../run.ts';

/** The newest checkpoint on the way that the run is on: of one that went back, where it went back to until there is another. */
export const latestCheckpoint = ({ checkpoints, past }: Run): Checkpoint | undefined => {
  const last = checkpoints.at(-1);
  return last && last.version > past.version ? last : (checkpoints.find(({ id }) => id === past.checkpoint) ?? last);
};

/** For a person who has to choose. */
export const namedCheckpoints = ({ checkpoints }: Pick<Run, 'checkpoints'>): string =>
  checkpoints.map(({ id, name }) => `${id} (${name})`).join(', ');

/**
 * By its id, or by its name: of several that are called the same, the newest. `null`: the latest.
 * @throws {RuleViolation} it has no such checkpoint; the error names those that it has
 */
export const findCheckpoint = (run: Run, wanted: string | null): Checkpoint => {
  const { id: run_, checkpoints } = run;
  const found =
    wanted === null
      ? latestCheckpoint(run)
      : (checkpoints.find(({ id }) => id === wanted) ?? checkpoints.findLast(({ name }) => name === wanted));
  if (found) return found;
  throw new RuleViolation(
    'checkpoint.unknown',
    checkpoints.length === 0
      ? `${run_} has no checkpoint yet, so there is nothing to go back to; to begin again: studio fork ${run_} --at 1`
      : `${run_} has no checkpoint "${wanted}"; it has ${namedCheckpoints(run)}`,
    { checkpoints: checkpoints.map(({ id }) => id) },
  );
};
