import { randomBytes } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { startAgent } from '#attempts';
import { createBuilder } from '#builder';
import { createNoopEngine, type Engine } from '#engines';
import { createRedisEventLog, createTail } from '#events/redis';
import { createIntake, createOrchestrations, createRedisClaims, loadPolicies } from '#orchestrations';
import { createPlanner } from '#planner';
import { GOALS_QUEUE } from '#queues';
import { startRouter } from '#router';
import { connectRedis, loadConfig, type RedisEndpoint } from '#runtime';
import { startState } from '#state';
import { benchEquipment } from './equipment.ts';

/** Jobs of one kind in work at the same time, on both sides. */
const CONCURRENCY = 32;

/** Something that takes a goal and tells when it is done. Both sides of the comparison are one of these. */
export interface Contender {
  /** @returns how `onDone` will name it */
  submit(): Promise<string>;
  onDone(listener: (id: string) => void): void;
  stop(): Promise<void>;
}

const newTag = (name: string): string => `{studio-bench-${name}-${randomBytes(4).toString('hex')}}`;

/** What BullMQ alone costs: a job that becomes a second and a third, and nothing is kept. */
export const startBareChain = async (endpoint: RedisEndpoint): Promise<Contender> => {
  const redis = await connectRedis({ ...endpoint, name: 'bench', blocking: true });
  const options = { connection: redis, prefix: newTag('bare') };
  const queues = ['first', 'second', 'third'].map((name) => new Queue(name, options));
  const listeners: ((id: string) => void)[] = [];
  const add = async (hop: number, id: string): Promise<void> => {
    await queues[hop]?.add('hop', { id }, { attempts: 1, removeOnComplete: true, removeOnFail: true });
  };
  const run = async (hop: number, id: string): Promise<void> => {
    if (hop + 1 < queues.length) await add(hop + 1, id);
    else for (const listener of listeners) listener(id);
  };
  const workers = queues.map(
    (queue, hop) => new Worker(queue.name, ({ data }) => run(hop, data.id), { ...options, concurrency: CONCURRENCY }),
  );
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  let next = 0;
  return {
    async submit() {
      const id = String(next++);
      await add(0, id);
      return id;
    },
    onDone: (listener) => void listeners.push(listener),
    async stop() {
      await Promise.all([...workers, ...queues].map((part) => part.close()));
      redis.disconnect();
    },
  };
};

export interface StudioOptions {
  readonly engine?: Engine;
  readonly builders?: number;
  readonly concurrency?: number;
  /** Whether goals come in as jobs on queue `goals`, as from other programs; else as from a client. */
  readonly queued?: boolean;
}

/** The whole of Studio in one process: log, index, router, projector, leases, presence. Only the agents do nothing. */
export const startStudio = async (endpoint: RedisEndpoint, options: StudioOptions = {}): Promise<Contender> => {
  const { engine = createNoopEngine(), builders = 1, concurrency = CONCURRENCY, queued = false } = options;
  const redis = await connectRedis({ ...endpoint, name: 'bench', blocking: true });
  const tag = newTag('studio');
  const { config } = await loadConfig({ file: null, env: {} });
  const log = createRedisEventLog({ redis, tag });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  const claims = createRedisClaims(redis, tag);
  const intake = createIntake({ orchestrations, log, policies, now, claims, guard: async () => undefined });
  const tail = createTail({ redis, tag, onError: () => undefined });
  const equipment = benchEquipment(engine, config.context);
  const { classifier } = equipment;
  const shared = {
    redis,
    tag,
    log,
    orchestrations,
    watch: tail.watch,
    classifier,
    version: 'bench',
    engines: async () => [],
    logger: pino({ level: 'silent' }),
  };

  const listeners: ((id: string) => void)[] = [];
  const build = createBuilder(equipment);
  const startBuilder = () =>
    startAgent({
      ...shared,
      role: 'builder',
      concurrency,
      runRole: async (attempt) => {
        const { goal } = attempt.run().submission;
        await build(attempt);
        // The builder has returned, so `orchestration.completed` is stored.
        for (const listener of listeners) listener(goal);
      },
    });
  const parts = await Promise.all([
    startRouter({
      ...shared,
      together: true,
      intake,
      pointBranch: async () => undefined,
      keepCommits: async () => undefined,
    }),
    startState({ ...shared, load: orchestrations.load }),
    startAgent({ ...shared, role: 'planner', concurrency: CONCURRENCY, runRole: createPlanner(equipment) }),
    ...Array.from({ length: builders }, startBuilder),
  ]);
  const goals = new Queue(GOALS_QUEUE, { connection: redis, prefix: tag });
  let next = 0;
  return {
    async submit() {
      const goal = `Add thing ${next++}`;
      if (queued) await goals.add('goal', { goal }, { removeOnComplete: true });
      else await intake({ goal }, { trigger: 'client', actor: 'person:bench', source: 'bench' });
      return goal;
    },
    onDone: (listener) => void listeners.push(listener),
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
      await goals.close();
      await tail.close();
      redis.disconnect();
    },
  };
};
