import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChaosOptions, wipeQueues, wreakHavoc } from '../support/chaos.ts';
import { auditLines, type LineGoal, lineGoal, makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { createRandom, type Random, seedFrom } from '../support/random.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { settled } from '../support/settled.ts';

const GOALS = Number(process.env.STUDIO_CRASH_GOALS ?? 24);
/** The kills stop then at the latest, so that the last goals can end; goals that are many take longer. */
const HAVOC_MS = 12_000 + GOALS * 500;
const DEADLINE_MS = 240_000 + GOALS * 3_000;

// A test that kills all the time meets worker after worker that died without progress.
const env = { STUDIO_RECOVERY_LEASES_PER_ATTEMPT: '100' };

let scene: Scene;
let repository: string;

beforeEach(async () => {
  scene = await setScene({ env });
  repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  const { fleet } = scene;
  fleet.start('router', { count: 2 });
  fleet.start('state');
  fleet.start('planner', { concurrency: 2 });
  fleet.start('builder', { count: 3, concurrency: 2 });
  await fleet.ready();
});
afterEach(() => scene.end());

const drawGoals = (random: Random, count: number): readonly LineGoal[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `goal-${n}`,
    workspace: repository,
    steps: random.between(2, 5),
    stepMs: random.between(0, 200),
    workflow: random.pick(['build_only', 'plan_then_build']),
  }));

/** Every other goal by queue `goals`; a producer that got no answer asks again under the same key. */
const submitAll = async (goals: readonly LineGoal[]): Promise<ReadonlyMap<string, LineGoal>> => {
  const queue = new Queue('goals', { connection: scene.redis, prefix: scene.tag });
  queue.on('error', () => {});
  for (const [n, goal] of goals.entries())
    if (n % 2 === 0) await queue.add('goal', lineGoal(goal)).catch(() => undefined);
  const ids = new Map<string, LineGoal>();
  for (const goal of goals) ids.set(await submitUntilTaken(scene.studio, lineGoal(goal)), goal);
  await queue.close();
  return ids;
};

const expectAllWell = async (goals: ReadonlyMap<string, LineGoal>): Promise<void> => {
  expect(await unfinished(scene.studio, [...goals.keys()])).toEqual([]);
  expect(await auditOrchestrations(scene)).toEqual([]);
  for (const [id, goal] of goals) expect(await settled(() => auditLines(repository, id, goal.steps))).toEqual([]);
};

/** Submits, does harm until all have ended or the time for it is over, then lets the rest end in peace. */
const runThrough = async (
  random: Random,
  harm: (signal: AbortSignal) => Promise<unknown>,
): Promise<ReadonlyMap<string, LineGoal>> => {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), HAVOC_MS);
  const havoc = harm(over.signal);
  try {
    const goals = await submitAll(drawGoals(random, GOALS));
    expect(goals.size).toBe(GOALS);
    await untilEnded(scene.studio, [...goals.keys()], DEADLINE_MS);
    return goals;
  } finally {
    clearTimeout(timer);
    over.abort();
    await havoc;
  }
};

const chaos = (random: Random, signal: AbortSignal): ChaosOptions => ({ ...scene, random, everyMs: 700, signal });

test('processes and Redis are killed at random moments: every goal completes, every line is written once', {
  timeout: DEADLINE_MS + 60_000,
}, async () => {
  const seed = seedFrom(process.env.STUDIO_CRASH_SEED);
  const random = createRandom(seed);
  const started = performance.now();
  let blows: Readonly<Record<string, number>> = {};
  console.info(`STUDIO_CRASH_SEED=${seed} repeats this run`);
  const goals = await runThrough(random, async (signal) => {
    blows = await wreakHavoc(chaos(random, signal));
  });
  console.info(`${goals.size} goals, kills ${JSON.stringify(blows)}, ${Math.round(performance.now() - started)} ms`);
  await scene.fleet.ready();
  await expectAllWell(goals);
});

test('all queues are wiped while goals run: every goal completes, every line is written once', {
  timeout: DEADLINE_MS + 60_000,
}, async () => {
  const seed = seedFrom(process.env.STUDIO_CRASH_SEED);
  const random = createRandom(seed);
  let wiped = 0;
  console.info(`STUDIO_CRASH_SEED=${seed} repeats this run`);
  const goals = await runThrough(random, async (signal) => {
    while (!signal.aborted) {
      await sleep(500 + 2_000 * random.next(), undefined, { signal }).catch(() => undefined);
      wiped += await wipeQueues(scene.redis, scene.tag);
    }
  });
  console.info(`${goals.size} goals, ${wiped} keys wiped`);
  await expectAllWell(goals);
});
