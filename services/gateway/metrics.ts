import type { Redis } from 'ioredis';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { createRedisEventLog, eventKeys } from '#events/redis';
import { workersAlive } from '#presence';
import { countViews } from '#views';

export interface MetricsOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly now: () => Date;
}

/** Queues whose length tells where work piles up. Read raw: a gateway adds no jobs, so it needs no BullMQ. */
const QUEUES = ['goals', 'control', 'agent-architect', 'agent-planner', 'agent-builder'] as const;

const gauge = (registry: Registry, name: string, help: string, labelNames: readonly string[] = []) =>
  new Gauge({ registers: [registry], name, help, labelNames: [...labelNames] });

const queueLengths = async (redis: Redis, tag: string) => {
  const lengths = await Promise.all(
    QUEUES.map(async (queue) => {
      const key = `${tag}:${queue}`;
      const [waiting, prioritized, active] = await Promise.all([
        redis.llen(`${key}:wait`),
        redis.zcard(`${key}:prioritized`),
        redis.llen(`${key}:active`),
      ]);
      return { queue, waiting: waiting + prioritized, active };
    }),
  );
  return lengths;
};

const createGauges = (registry: Registry) => ({
  stored: gauge(registry, 'studio_orchestrations', 'Runs in the log'),
  live: gauge(registry, 'studio_orchestrations_live', 'Runs in the log that have not ended'),
  unprojected: gauge(registry, 'studio_orchestrations_unprojected', 'Runs in the log that no list shows yet'),
  unexplained: gauge(registry, 'studio_orchestrations_unexplained', 'Live runs without a wait reason: a bug unless 0'),
  status: gauge(registry, 'studio_orchestrations_by_status', 'Runs a status', ['status']),
  wait: gauge(registry, 'studio_orchestrations_by_wait', 'Live runs a wait reason', ['wait']),
  jobs: gauge(registry, 'studio_queue_jobs', 'Jobs a queue', ['queue', 'state']),
  workers: gauge(registry, 'studio_workers', 'Processes alive', ['service']),
  feed: gauge(registry, 'studio_feed_entries', 'Appends that the feed still has'),
  quarantined: gauge(registry, 'studio_quarantined', 'Runs that a follower gave up on'),
});

const readGauges = async (gauges: ReturnType<typeof createGauges>, { redis, tag, now }: MetricsOptions) => {
  const log = createRedisEventLog({ redis, tag });
  const keys = eventKeys(tag);
  const [stored, live, views, queues, workers, feed, quarantined] = await Promise.all([
    log.count('all'),
    log.count('live'),
    countViews(redis, tag),
    queueLengths(redis, tag),
    workersAlive(redis, tag, now()),
    redis.xlen(keys.feed),
    redis.hlen(keys.quarantine),
  ]);
  gauges.stored.set(stored);
  gauges.live.set(live);
  gauges.unprojected.set(Math.max(0, stored - views.rows));
  const ended = (views.byStatus.get('completed') ?? 0) + (views.byStatus.get('failed') ?? 0);
  const explained = [...views.byWait.values()].reduce((sum, count) => sum + count, 0);
  gauges.unexplained.set(views.rows - ended - explained);
  for (const [status, count] of views.byStatus) gauges.status.set({ status }, count);
  for (const [wait, count] of views.byWait) gauges.wait.set({ wait }, count);
  for (const { queue, waiting, active } of queues) {
    gauges.jobs.set({ queue, state: 'waiting' }, waiting);
    gauges.jobs.set({ queue, state: 'active' }, active);
  }
  gauges.workers.reset();
  for (const { service } of workers) gauges.workers.inc({ service });
  gauges.feed.set(feed);
  gauges.quarantined.set(quarantined);
};

/** What this gateway knows of the installation, and of itself. Numbers of the installation are read when asked for. */
export const createMetrics = (options: MetricsOptions) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = createGauges(registry);
  const answers = new Counter({
    registers: [registry],
    name: 'studio_http_answers_total',
    help: 'HTTP answers',
    labelNames: ['route', 'method', 'status'],
  });
  const seconds = new Histogram({
    registers: [registry],
    name: 'studio_http_seconds',
    help: 'Time until the answer was sent; of an event stream, until it ended',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
  });
  return {
    observe(route: string, method: string, status: number, took: number): void {
      answers.inc({ route, method, status });
      seconds.observe({ route }, took);
    },
    async text(): Promise<string> {
      await readGauges(gauges, options);
      return registry.metrics();
    },
  };
};
