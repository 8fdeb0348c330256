import { randomUUID } from 'node:crypto';
import { Queue, QueueEvents } from 'bullmq';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { SystemFull } from '#events';
import { createRedisEventLog } from '#events/redis';
import { createIntake, createOrchestrations, createRedisClaims, loadPolicies } from '#orchestrations';
import { GOALS_QUEUE } from '#queues';
import { startRouter } from '#router';
import { connectRedis, loadConfig } from '#runtime';
import { auditOrchestrations } from '../support/orchestration.ts';
import { testRedis } from '../support/redis.ts';
import { PATIENCE_MS } from '../support/wait-until.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('a goal that finds the log full stays in its queue, and is taken in when there is room', async () => {
  const { url, tag } = testRedis();
  const redis = await connectRedis({ url, name: 'test', blocking: true });
  closing.push(async () => redis.disconnect());
  const { config } = await loadConfig({ file: null, env: {} });
  const log = createRedisEventLog({ redis, tag });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  let refused = 0;
  const guard = async () => {
    if (refused > 0) return;
    refused += 1;
    throw new SystemFull('redis uses 81 % of its memory');
  };
  const intake = createIntake({ orchestrations, log, policies, now, guard, claims: createRedisClaims(redis, tag) });
  const router = await startRouter({
    redis,
    tag,
    log,
    orchestrations,
    intake,
    pointBranch: async () => undefined,
    keepCommits: async () => undefined,
    version: 'test',
    logger: pino({ level: 'silent' }),
  });
  closing.push(router.stop);

  const options = { connection: redis, prefix: tag };
  const queue = new Queue(GOALS_QUEUE, options);
  const blocking = redis.duplicate();
  const events = new QueueEvents(GOALS_QUEUE, { ...options, connection: blocking });
  closing.push(
    async () => blocking.disconnect(),
    () => queue.close(),
    () => events.close(),
  );
  await events.waitUntilReady();
  const job = await queue.add('goal', { goal: 'Add a thing', key: randomUUID() });
  const answer = await job.waitUntilFinished(events, PATIENCE_MS);

  expect(refused).toBe(1);
  expect(answer).toMatchObject({ outcome: 'created' });
  expect(await auditOrchestrations({ redis, tag }, { listed: false })).toEqual([]);
});
