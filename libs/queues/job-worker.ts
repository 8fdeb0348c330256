import { type Job, WaitingError, Worker } from 'bullmq';
import type { QueueOptions } from './work-queues.ts';

export interface JobWorkerOptions extends QueueOptions {
  readonly queue: string;
  readonly concurrency: number;
  /**
   * Its value becomes the job's return value. `TRY_LATER` gives the job back to the queue. To throw fails the job; only
   * what waits for the job learns of it.
   */
  readonly process: (job: Job) => Promise<unknown>;
}

/** Returned by a processor that cannot do its job now and must not lose it. */
export const TRY_LATER = Symbol('try later');

export interface JobWorker {
  /** Resolves when the worker can take jobs. */
  readonly ready: Promise<void>;
  /** Takes no more jobs, waits for those that run. */
  close(): Promise<void>;
}

/**
 * A killed worker's lock lasts this long at most; the next stalled check, at most one interval later, gives its job to
 * another: a dead worker is noticed within 20 s.
 */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5_000;

/** A job whose worker died is always tried again: when to give up is decided from the log, not from a counter here. */
const MAX_STALLED = 1_000_000;

export const createJobWorker = ({ redis, tag, onError, queue, concurrency, process }: JobWorkerOptions): JobWorker => {
  const run = async (job: Job): Promise<unknown> => {
    const value = await process(job);
    if (value !== TRY_LATER) return value;
    await job.moveToWait(job.token);
    throw new WaitingError();
  };
  const worker = new Worker(queue, run, {
    connection: redis,
    prefix: tag,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLED,
  });
  worker.on('error', onError);
  worker.on('failed', (_job, error) => onError(error));
  return {
    ready: worker.waitUntilReady().then(() => undefined),
    close: () => worker.close(),
  };
};
