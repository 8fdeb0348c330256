import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { type Role, WorkJob } from '#contracts';
import type { Tail } from '#events/redis';
import { type Orchestrations, problemsOf } from '#orchestrations';
import { announce } from '#presence';
import { createJobWorker, workQueue } from '#queues';
import type { Logger } from '#runtime';
import type { Classifier } from './failure.ts';
import { type RunRole, runAttempt } from './run-attempt.ts';

export interface StartAgentOptions {
  readonly role: Role;
  readonly runRole: RunRole;
  readonly redis: Redis;
  readonly tag: string;
  readonly orchestrations: Orchestrations;
  readonly watch: Tail['watch'];
  /** The names of those that are configured now. */
  readonly engines: () => Promise<readonly string[]>;
  readonly classifier: Classifier;
  /** Attempts at the same time. */
  readonly concurrency: number;
  readonly version: string;
  readonly logger: Logger;
}

/** A worker of one role. Start more, anywhere, to do more at once. */
export const startAgent = async (options: StartAgentOptions) => {
  const { role, runRole, redis, tag, orchestrations, watch, classifier, concurrency, version, logger } = options;
  const { engines } = options;
  const onError = (err: unknown) => logger.warn({ role, err }, 'worker will try again');
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // one an attempt

  const worker = createJobWorker({
    redis,
    tag,
    onError,
    concurrency,
    queue: workQueue(role),
    process: async ({ id, data }) => {
      const job = WorkJob.safeParse(data);
      if (!job.success) {
        logger.error({ jobId: id, problems: problemsOf(job.error) }, 'malformed work job thrown away');
        return;
      }
      await runAttempt(job.data, {
        orchestrations,
        watch,
        runRole,
        classifier,
        stopping: stopping.signal,
        logger,
      });
    },
  });
  const presence = announce(
    redis,
    tag,
    { id: randomUUID(), service: role, host: hostname(), pid: process.pid, concurrency, version, engines },
    onError,
  );
  await Promise.all([worker.ready, presence.ready]);

  return {
    /** Takes no more work; what runs is aborted and handed back. */
    stop: async (): Promise<void> => {
      await presence.stop();
      stopping.abort(new Error('the worker is stopping'));
      await worker.close();
    },
  };
};
