import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIntakeGuard, createRedisEventLog, memoryPressure } from '#events/redis';
import { createIntake, createOrchestrations, createRedisClaims, loadPolicies } from '#orchestrations';
import { GOALS_QUEUE } from '#queues';
import { startRouter } from '#router';
import { studioIn } from '../cli/studio.ts';
import { builtInConfig } from '../support/orchestration.ts';
import { startRedisServer, type TestServer } from '../support/redis-server.ts';
import { PATIENCE_MS, waitUntil } from '../support/wait-until.ts';

const TAG = '{studio-full}';
let server: TestServer;
let redis: Redis;
let run: ReturnType<typeof studioIn>['run'];

// In this order, so that what was made last is closed first.
const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url, { maxRetriesPerRequest: null });
  closing.push(
    () => server.stop(),
    async () => redis.disconnect(),
  );
  // Beside it what a connection takes is small, as it is on any server that holds runs. Made there: a value that is sent
  // is held twice for a moment, and what is full then is not a moment later.
  await redis.setrange('ballast', 40_000_000, 'x');
});
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What is used becomes so large a part of what there may be. */
const fill = async (part: number): Promise<void> => {
  const { usedBytes } = await memoryPressure(redis);
  await redis.config('SET', 'maxmemory', Math.round(usedBytes / part));
};
const makeRoom = () => redis.config('SET', 'maxmemory', 0);

const studio = () => {
  run ??= studioIn({ REDIS_URL: server.url, STUDIO_TAG: TAG }).run;
  return run;
};

test('at 80 % of its memory a server takes no goal in: exit code 4, and what to do about it', async () => {
  const { stdout } = await studio()(['submit', 'Fix the login page', '--json']);
  const { id } = JSON.parse(stdout);
  await fill(0.9);
  const refused = await studio()(['submit', 'Add a page']);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toMatch(
    /^error: redis uses \d\d % of its memory, new goals are taken up to 80 %: move ended runs to files \(studio archive\) or raise maxmemory, then submit again\n$/,
  );
  const { stdout: problem } = await studio()(['build', 'Add a page', '--json']);
  expect(JSON.parse(problem)).toMatchObject({ code: 'system.full', remedy: 'retry', status: 503 });
  expect((await studio()(['doctor'])).stdout).toMatch(/fail +redis +redis uses \d\d % of its memory/);
  // What runs is looked at, and led to its end.
  expect((await studio()(['why', id])).code).toBe(0);
  expect((await studio()(['abort', id])).code).toBe(0);
  await makeRoom();
  expect((await studio()(['submit', 'Add a page'])).code).toBe(0);
});

test('goals in the queue wait while the server is full, and are taken in when there is room', async () => {
  const config = await builtInConfig();
  const log = createRedisEventLog({ redis, tag: TAG });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const now = () => new Date();
  const orchestrations = createOrchestrations({ log, policies, now, draw: Math.random });
  const ask = createIntakeGuard({ redis, cacheMs: 0 });
  let refused = 0;
  const guard = () =>
    ask().catch((error: unknown) => {
      refused += 1;
      throw error;
    });
  const intake = createIntake({ orchestrations, log, policies, now, guard, claims: createRedisClaims(redis, TAG) });
  const idle = async () => undefined;
  const logger = pino({ level: 'silent' });
  const own = { redis, tag: TAG, log, orchestrations, intake, version: 'test', logger };
  const router = await startRouter({ ...own, pointBranch: idle, keepCommits: idle });
  const options = { connection: redis, prefix: TAG };
  const queue = new Queue(GOALS_QUEUE, options);
  const blocking = redis.duplicate();
  const events = new QueueEvents(GOALS_QUEUE, { ...options, connection: blocking });
  closing.push(
    async () => blocking.disconnect(),
    () => events.close(),
    () => queue.close(),
    () => router.stop(),
  );
  await events.waitUntilReady();

  await fill(0.9);
  const before = await log.count('all');
  const jobs = await queue.addBulk(
    ['one', 'two', 'three'].map((key) => ({ name: 'goal', data: { goal: 'Add it', key } })),
  );
  await waitUntil('each was refused once', async () => refused >= 3);
  expect(await log.count('all')).toBe(before);
  expect(await Promise.all(jobs.map((job) => job.isCompleted()))).toEqual([false, false, false]);
  await makeRoom();
  const answers = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, PATIENCE_MS)));
  expect(answers.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
  expect(await log.count('all')).toBe(before + 3);
});
