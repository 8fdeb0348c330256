import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { pino } from 'pino';
import { createClassifier, startAgent } from '#attempts';
import { createBuilder } from '#builder';
import { createNoopEngine } from '#engines';
import { createRedisEventLog } from '#events/redis';
import { createIntake, createOrchestrations, createRedisClaims, loadPolicies } from '#orchestrations';
import { createPlanner } from '#planner';
import { GOALS_QUEUE } from '#queues';
import { startRouter } from '#router';
import { connectRedis, loadConfig, type RedisEndpoint } from '#runtime';
import { startState } from '#state';

/** Jobs of one kind in work at the same time, on both sides. */
const CONCURRENCY = 32;

/** Something that takes a goal and tells when it is done. Both sides of the comparison are one of these. */
export interface Contender {
  submit(): Promise<string>;
  onDone(listener: (id: string) => void): void;
  stop(): Promise<void>;
}

const newTag = (name: string): string => `{studio-bench-${name}-${randomBytes(4).toString('hex')}}`;

/** What BullMQ alone costs: a job that becomes a second and a third, and nothing is kept. */
export const bareChain = async (endpoint: RedisEndpoint): Promise<Contender> => {
  const redis = await connectRedis({ ...endpoint, name: 'bench', blocking: true });
  const prefix = newTag('bare');
  const options = { connection: redis, prefix };
  const queues = ['first', 'second', 'third'].map((name) => new Queue(name, options));
  const listeners: ((id: string) => void)[] = [];
  const add = async (hop: number, id: string): Promise<void> => {
    await queues[hop]?.add('hop', { id }, { removeOnComplete: true, removeOnFail: true });
  };
  const workers = queues.map(
    (queue, hop) =>
      new Worker(
        queue.name,
        async ({ data }) => {
          if (hop + 1 < queues.length) await add(hop + 1, data.id);
          else for (const listener of listeners) listener(data.id);
        },
        { ...options, concurrency: CONCURRENCY },
      ),
  );
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  let next = 0;
  return {
    submit: async () => {
      const id = String(next++);
      await add(0, id);
      return id;
    },
    onDone: (listener) => void listeners.push(listener),
    stop: async () => {
      await Promise.all([...workers, ...queues].map((part) => part.close()));
      redis.disconnect();
    },
  };
};

/** The whole of Studio: log, index, router, projector, leases, presence; only the agents do nothing. */
export const studio = async (endpoint: RedisEndpoint): Promise<Contender> => {
  const redis = await connectRedis({ ...endpoint, name: 'bench', blocking: true });
  const tag = newTag('studio');
  const { config } = await loadConfig({ file: null, env: {} });
  const logger = pino({ level: 'silent' });
  const log = createRedisEventLog({ redis, tag });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  const intake = createIntake({
    orchestrations,
    log,
    policies,
    now,
    claims: createRedisClaims(redis, tag),
    guard: async () => undefined,
  });
  const scratch = mkdtempSync(join(tmpdir(), 'studio-bench-'));
  const classifier = createClassifier([], (text) => text);
  const equipment = {
    engines: [createNoopEngine()],
    defaultEngine: 'auto',
    settings: { setup: false, copy: [], commandTimeoutMs: 60_000, allowEnv: [] },
    cacheDir: scratch,
    studioDir: scratch,
    nowhere: scratch,
    environment: {},
    redact: (text: string) => text,
    classifier,
  } as const;
  const shared = { redis, tag, log, orchestrations, logger, version: 'bench', concurrency: CONCURRENCY, classifier };
  const listeners: ((id: string) => void)[] = [];
  const build = createBuilder({ ...equipment, gates: {}, gateTimeoutMs: 60_000 });
  const parts = await Promise.all([
    startRouter({ ...shared, intake, pointBranch: async () => undefined }),
    startState(shared),
    startAgent({ ...shared, role: 'planner', runRole: createPlanner(equipment) }),
    startAgent({
      ...shared,
      role: 'builder',
      runRole: async (attempt) => {
        const { goal } = attempt.run().submission;
        await build(attempt);
        // The builder has returned, so `orchestration.completed` is stored.
        for (const listener of listeners) listener(goal);
      },
    }),
  ]);
  const goals = new Queue(GOALS_QUEUE, { connection: redis, prefix: tag });
  let next = 0;
  return {
    submit: async () => {
      const goal = `Add thing ${next++}`;
      await goals.add('goal', { goal }, { removeOnComplete: true });
      return goal;
    },
    onDone: (listener) => void listeners.push(listener),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
      await goals.close();
      redis.disconnect();
    },
  };
};

export interface Load {
  readonly goalsPerSecond: number;
}

/** As many goals at once as there are: what the machine gives. */
export const throughput = async (contender: Contender, goals: number): Promise<number> => {
  const open = new Set<string>();
  const early = new Set<string>();
  let submitted = 0;
  const started = performance.now();
  await new Promise<void>((resolve) => {
    contender.onDone((id) => {
      if (!open.delete(id)) early.add(id);
      if (submitted === goals && open.size === 0) resolve();
    });
    const submitAll = async () => {
      await Promise.all(
        Array.from({ length: goals }, async () => {
          const id = await contender.submit();
          submitted += 1;
          if (!early.delete(id)) open.add(id);
        }),
      );
      if (open.size === 0) resolve();
    };
    void submitAll();
  });
  return goals / ((performance.now() - started) / 1_000);
};

/** One goal at a time on an idle machine, milliseconds each. */
export const latencies = async (contender: Contender, goals: number): Promise<readonly number[]> => {
  const times: number[] = [];
  const waiting = new Map<string, () => void>();
  const done = new Set<string>();
  contender.onDone((id) => {
    const resolve = waiting.get(id);
    if (resolve) resolve();
    else done.add(id);
  });
  for (let i = 0; i < goals; i++) {
    const started = performance.now();
    const id = await contender.submit();
    if (!done.has(id)) await new Promise<void>((resolve) => waiting.set(id, resolve));
    times.push(performance.now() - started);
  }
  return times;
};
