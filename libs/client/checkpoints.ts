import type { CheckpointsDocument, HandoffsDocument } from '#contracts';
import { checkpointDocuments, dueHandoff, type Ended, type Live, latestCheckpoint, type Run } from '#domain';

/** Every place that a run can go back to. */
export const checkpointsOf = (run: Live | Ended): CheckpointsDocument => ({
  id: run.id,
  version: run.head.version,
  latest: latestCheckpoint(run)?.id ?? null,
  resumable: run.lifecycle === 'live' || run.outcome.kind !== 'completed',
  checkpoints: checkpointDocuments(run),
});

/** What was handed over, and what is held back because it is not complete. */
export const handoffsOf = (run: Run): HandoffsDocument => {
  const due = dueHandoff(run);
  return {
    id: run.id,
    handoffs: run.handoffs.map(({ from, to, context, time }) => ({ from, to, context: { ...context }, time })),
    incomplete:
      due && due.missing.length > 0
        ? { from: due.from, to: due.to, context: due.context, missing: [...due.missing] }
        : null,
  };
};
