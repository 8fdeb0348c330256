import { setTimeout as sleep } from 'node:timers/promises';
import { createNoopEngine, type Engine } from '#engines';
import type { RedisEndpoint } from '#runtime';
import { type Contender, startBareChain, startStudio } from './contenders.ts';
import { measureLatencies, measureThroughput } from './measure.ts';
import { percentile, type Summary, summarize } from './summarize.ts';

const ROUNDS = 5;
const GOALS = 1_000;
const IDLE_GOALS = 100;

interface Side {
  readonly goalsPerSecond: Summary;
  readonly clientMsPerGoal: Summary;
  readonly p50Ms: Summary;
  readonly p99Ms: Summary;
}

/** A side beside the bare chain, round by round. */
interface Compared extends Side {
  /** Target ≥ 0.5, aim 0.8. */
  readonly throughputRatio: Summary;
  /** Of idle p50. Target ≤ 2. */
  readonly latencyRatio: Summary;
}

export interface GoalsBench {
  readonly bareChain: Side;
  readonly studio: Compared;
  /** The same, but for goals that come in as jobs: a hop more. */
  readonly queued: Compared;
}

const using = async <T>(starting: Promise<Contender>, use: (contender: Contender) => Promise<T>): Promise<T> => {
  const contender = await starting;
  try {
    return await use(contender);
  } finally {
    await contender.stop();
  }
};

const measureSide = async (start: () => Promise<Contender>) => {
  const load = await using(start(), (contender) => measureThroughput(contender, GOALS));
  const times = await using(start(), (contender) => measureLatencies(contender, IDLE_GOALS));
  return { ...load, p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) };
};
type Round = Awaited<ReturnType<typeof measureSide>>;

const sideOf = (rounds: readonly Round[]): Side => ({
  goalsPerSecond: summarize(rounds.map(({ goalsPerSecond }) => goalsPerSecond)),
  clientMsPerGoal: summarize(rounds.map(({ clientMs }) => clientMs)),
  p50Ms: summarize(rounds.map(({ p50Ms }) => p50Ms)),
  p99Ms: summarize(rounds.map(({ p99Ms }) => p99Ms)),
});

const comparedTo = (bare: readonly Round[], rounds: readonly Round[]): Compared => {
  const ratio = (figure: 'goalsPerSecond' | 'p50Ms') =>
    summarize(rounds.map((round, index) => round[figure] / (bare[index]?.[figure] ?? Number.NaN)));
  return { ...sideOf(rounds), throughputRatio: ratio('goalsPerSecond'), latencyRatio: ratio('p50Ms') };
};

/** Goal → planner → builder → completed, beside a three-hop chain of BullMQ alone; the sides take turns. */
export const benchGoals = async (endpoint: RedisEndpoint): Promise<GoalsBench> => {
  const bare: Round[] = [];
  const studio: Round[] = [];
  const queued: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await measureSide(() => startBareChain(endpoint)));
    studio.push(await measureSide(() => startStudio(endpoint)));
    queued.push(await measureSide(() => startStudio(endpoint, { queued: true })));
  }
  return { bareChain: sideOf(bare), studio: comparedTo(bare, studio), queued: comparedTo(bare, queued) };
};

const WAIT_MS = 50;
const STEPS = 10;
const SCALE_GOALS = 24;

/** Ten steps of 50 ms in which the processor has nothing to do: what is left is how well builders share the work. */
const createWaitingEngine = (): Engine => {
  const noop = createNoopEngine();
  return {
    ...noop,
    async plan(request, context) {
      const outcome = await noop.plan(request, context);
      if (outcome.outcome !== 'planned') return outcome;
      const [first] = outcome.plan.steps;
      if (!first) return outcome;
      const steps = Array.from({ length: STEPS }, (_, index) => ({ ...first, id: `step_${index + 1}` }));
      return { ...outcome, plan: { ...outcome.plan, steps } };
    },
    async work(request, context) {
      await sleep(WAIT_MS, undefined, { signal: context.signal });
      return noop.work(request, context);
    },
  };
};

export interface ScaleBench {
  readonly oneBuilder: Summary;
  readonly eightBuilders: Summary;
  /** Target ≥ 7.5. */
  readonly ratio: Summary;
}

/** Builders that each do one goal at a time: eight beside one. */
export const benchScaleOut = async (endpoint: RedisEndpoint): Promise<ScaleBench> => {
  const rate = (builders: number) =>
    using(startStudio(endpoint, { engine: createWaitingEngine(), builders, concurrency: 1 }), async (contender) => {
      const { goalsPerSecond } = await measureThroughput(contender, SCALE_GOALS);
      return goalsPerSecond;
    });
  const pairs: { readonly one: number; readonly eight: number }[] = [];
  for (let round = 0; round < 3; round++) pairs.push({ one: await rate(1), eight: await rate(8) });
  return {
    oneBuilder: summarize(pairs.map(({ one }) => one)),
    eightBuilders: summarize(pairs.map(({ eight }) => eight)),
    ratio: summarize(pairs.map(({ one, eight }) => eight / one)),
  };
};
