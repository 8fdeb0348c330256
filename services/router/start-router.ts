import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { type BacklogsOptions, createBacklogs, createRedisBacklogLog } from '#backlog';
import type { EventLog } from '#events';
import { createFollower, createQuarantine } from '#events/redis';
import type { Purse } from '#money';
import type { Intake, Orchestrations } from '#orchestrations';
import { announce } from '#presence';
import { CONTROL_QUEUE, createJobWorker, createWorkQueues, GOALS_QUEUE } from '#queues';
import type { Logger } from '#runtime';
import { createAllowance } from './allowance.ts';
import { createFollowBacklog } from './follow-backlog.ts';
import { createFulfil, type FulfilOptions, type KeepCommits, type PointBranch } from './fulfil.ts';
import { type HooksOptions, startHooks } from './hooks/hooks.ts';
import { createControlProcessor, createGoalProcessor } from './producers.ts';
import { keepReconciled } from './reconcile.ts';
import { createTendTasks } from './tend-tasks.ts';

export interface RouterOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: EventLog;
  readonly orchestrations: Orchestrations;
  readonly intake: Intake;
  readonly pointBranch: PointBranch;
  readonly keepCommits: KeepCommits;
  /** Told of each backlog that changed, so that a file can follow. */
  readonly projectBacklog?: NonNullable<BacklogsOptions['project']>;
  /** Told of each state of a run, so that files of its workspace can follow. It does not fail. */
  readonly keepFiles?: FulfilOptions['keepFiles'];
  /** Who is told what of runs. Default: nobody. */
  readonly hooks?: Pick<HooksOptions, 'config' | 'secret' | 'environment' | 'directory'>;
  /** What runs may spend. Default: nothing is limited. */
  readonly purse?: Purse;
  /** All services are in this process: what one stores, the router is told without the feed. */
  readonly together?: boolean;
  readonly version: string;
  readonly logger: Logger;
  readonly now?: () => Date;
}

/** Goals taken in at the same time by one process. */
const INTAKE_CONCURRENCY = 32;

/** Pause between two reads of the feed where the services are together: what agents elsewhere store waits so much longer. */
const TOGETHER_GATHER_MS = 50;

/** Takes in what other programs put on queues. */
const startAdapters = (options: RouterOptions, now: () => Date, onError: (error: unknown) => void) => {
  const { redis, tag, log, orchestrations, intake, logger } = options;
  const quarantine = createQuarantine({ redis, tag });
  const producers = { intake, orchestrations, log, quarantine, logger, now };
  const worker = { redis, tag, onError, concurrency: INTAKE_CONCURRENCY };
  return {
    goals: createJobWorker({ ...worker, queue: GOALS_QUEUE, process: createGoalProcessor(producers) }),
    control: createJobWorker({ ...worker, queue: CONTROL_QUEUE, process: createControlProcessor(producers) }),
  };
};

/**
 * The router: takes goals in, follows the log, and sees to it that what the state asks for is on a queue. Any number
 * may run; they share the feed.
 */
export const startRouter = async (options: RouterOptions) => {
  const { redis, tag, log, orchestrations, logger, together = false, now = () => new Date() } = options;
  const onError = (err: unknown, stream: string | null = null) => logger.warn({ err, stream }, 'router will try again');
  const queues = createWorkQueues({ redis, tag, onError });
  const { projectBacklog: project } = options;
  const backlogs = createBacklogs({ log: createRedisBacklogLog(redis, tag), now, ...(project && { project }) });
  const followBacklog = createFollowBacklog(backlogs, logger);
  const hooks = options.hooks && startHooks({ ...options.hooks, redis, tag, load: orchestrations.load, logger, now });
  const allowance = createAllowance({ purse: options.purse, orchestrations, log });
  const fulfil = createFulfil({
    allowance,
    queues,
    pointBranch: options.pointBranch,
    keepCommits: options.keepCommits,
    keepFiles: options.keepFiles ?? (async () => {}),
    notify: hooks?.notify ?? (async () => undefined),
    followBacklog,
    tasks: createTendTasks(orchestrations),
    now,
  });
  const stop = new AbortController();
  const id = randomUUID();

  const follower = createFollower({
    redis,
    tag,
    group: 'router',
    consumer: id,
    gatherMs: together ? TOGETHER_GATHER_MS : 0,
    handle: async ({ stream, version }) => fulfil(stream, await orchestrations.load(stream, version)),
    onError,
  });
  // What this process stores itself it need not be told by the feed.
  const unsubscribe = orchestrations.onStored((stream, state) => {
    fulfil(stream, state).catch((error: unknown) => onError(error, stream));
  });
  const { goals, control } = startAdapters(options, now, onError);
  const reconciling = keepReconciled({ log, orchestrations, fulfil, allowance, onError, now, signal: stop.signal });
  const presence = announce(
    redis,
    tag,
    { id, service: 'router', host: hostname(), pid: process.pid, concurrency: 1, version: options.version },
    onError,
  );
  await Promise.all([follower.ready, goals.ready, control.ready, presence.ready]);

  return {
    stop: async (): Promise<void> => {
      stop.abort();
      unsubscribe();
      await Promise.all([follower.close(), goals.close(), control.close(), reconciling, hooks?.stop()]);
      await presence.stop();
      await queues.close();
    },
  };
};
