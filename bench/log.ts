import { hrtime } from 'node:process';
import type { Redis } from 'ioredis';
import { chainHash, EMPTY_HEAD, type Event, type EventLog, eventCodec, exportEntry, type Head } from '#events';
import { createRedisEventLog } from '#events/redis';
import { trace } from '#events/testing';
import { connectRedis } from '#runtime';
import { startRedisServer } from '../test/support/redis-server.ts';

const STREAMS = 400;
const APPENDS = 5;
const EVENTS_PER_APPEND = 10;
const ROUNDS = 5;

/**
 * As Studio starts its own Redis: the last node of a stream is allocated whole, so with the default of 4 KiB a small
 * orchestration wastes 2 KiB on average.
 */
const SETTINGS = ['--stream-node-max-bytes', '2048'];

export interface LogBench {
  readonly appendEventsPerSecond: number;
  /** Processor time of the client and of Redis for one event: what is left of the rate where other work takes the cores. */
  readonly appendClientMicros: number;
  readonly appendServerMicros: number;
  /** Per second of processor time. */
  readonly replayEventsPerSecond: number;
  /** Replay (read, decode, validate) beside reading and `JSON.parse` alone. */
  readonly replayOverParse: number;
  /** Memory that Redis took for log, index and feed, beside the exported JSON of the events, at 25 events a stream. */
  readonly memoryOverJson: number;
  readonly events: number;
  readonly bytesPerEvent: number;
}

const checks = [
  {
    criterion: 'GET /health answers 200',
    type: 'test_passes',
    passed: true,
    durationMs: 812,
    exitCode: 0,
    output: '3 passed',
  },
] as const;

/** Events as a builder writes them: of the sizes and kinds that make up most of a log. */
const event = (n: number): Event => {
  const reported = { lease: 7, seq: n + 1 };
  const step = `step_${1 + (n % 5)}`;
  const commit = chainHash('', String(n)).slice(0, 40);
  if (n % 5 === 0) return { type: 'step.started', v: 1, data: { ...reported, step, try: 1 } };
  if (n % 5 === 1)
    return { type: 'agent.progressed', v: 1, data: { ...reported, message: `writing src/routes/health-${n}.ts` } };
  if (n % 5 === 2)
    return { type: 'step.tried', v: 1, data: { ...reported, step, try: 1, checks: [...checks], durationMs: 1_204 } };
  if (n % 5 === 3) return { type: 'gate.passed', v: 1, data: { ...reported, gate: 'test', try: 1, durationMs: 2_310 } };
  return {
    type: 'step.succeeded',
    v: 1,
    data: { ...reported, step, try: 1, commit, checks: [...checks], durationMs: 1_310 },
  };
};

const batch = (from: number, size: number): readonly [Event, ...Event[]] => [
  event(from),
  ...Array.from({ length: size - 1 }, (_, i) => event(from + i + 1)),
];

const streamName = (round: string, n: number) => `orch_20260202_143052_${round}${String(n).padStart(10, '0')}`;

/** Made once: what is measured is the log. */
const batchesOf = (appends: number, size: number) =>
  Array.from({ length: appends }, (_, i) => ({
    events: batch(i * size, size),
    trace: trace(new Date(Date.UTC(2026, 1, 2, 14, 30, i)).toISOString()),
  }));

const fill = async (log: EventLog, stream: string, batches: ReturnType<typeof batchesOf>): Promise<void> => {
  let head: Head = EMPTY_HEAD;
  for (const next of batches) {
    const request = { stream, expected: head, ...next, index: { live: true, dueMs: null } };
    head = (await log.append(request)).at(-1) ?? head;
  }
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = hrtime.bigint();
  await work();
  return Number(hrtime.bigint() - start) / 1e9;
};

/** Processor time of this process: what "a core" means on a machine that does other things too. */
const cpuSeconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

const serverCpuSeconds = async (redis: Redis): Promise<number> => {
  const info = await redis.info('cpu');
  const field = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
  return field('used_cpu_user') + field('used_cpu_sys');
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

const usedMemory = async (redis: Redis) => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);

/** One client: streams are filled side by side, the appends of each one after the other. */
const benchAppend = async (log: EventLog): Promise<number> => {
  const rates: number[] = [];
  const batches = batchesOf(APPENDS, EVENTS_PER_APPEND);
  for (let round = 0; round < ROUNDS; round++) {
    const names = Array.from({ length: STREAMS }, (_, n) => streamName(`a${round}`, n));
    const took = await seconds(() => Promise.all(names.map((name) => fill(log, name, batches))));
    rates.push((STREAMS * APPENDS * EVENTS_PER_APPEND) / took);
  }
  return median(rates);
};

/** Alternating, so that both see the same machine; every stream is read from Redis in both. */
const benchReplay = async (log: EventLog): Promise<{ replay: number; ratio: number }> => {
  const names = Array.from({ length: STREAMS }, (_, n) => streamName('a0', n));
  const events = STREAMS * APPENDS * EVENTS_PER_APPEND;
  const replays: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const parse = await cpuSeconds(async () => {
      for (const name of names) for (const { body } of await log.readStored(name)) JSON.parse(body);
    });
    const replay = await cpuSeconds(async () => {
      for (const name of names) await log.read(name);
    });
    replays.push(events / replay);
    ratios.push(parse / replay);
  }
  return { replay: median(replays), ratio: median(ratios) };
};

/** 25 events a stream in 10 appends: about what a small run writes. */
const benchMemory = async (redis: Redis, log: EventLog): Promise<{ ratio: number; bytesPerEvent: number }> => {
  const before = await usedMemory(redis);
  const names = Array.from({ length: STREAMS * 2 }, (_, n) => streamName('m0', n));
  const batches = batchesOf(5, 2);
  let json = 0;
  for (const name of names) {
    await fill(log, name, batches);
    let head = await log.head(name);
    for (let i = 0; i < 5; i++) {
      const request = {
        stream: name,
        expected: head,
        events: batch(i * 3, 3),
        trace: trace(),
        index: { live: true, dueMs: null },
      };
      head = (await log.append(request)).at(-1) ?? head;
    }
  }
  const after = await usedMemory(redis);
  for (const name of names)
    for (const entry of await log.readStored(name)) json += Buffer.byteLength(exportEntry(entry)) + 1;
  return { ratio: (after - before) / json, bytesPerEvent: json / (names.length * 25) };
};

/** Append, replay and memory of the log, on a Redis of its own. */
export const benchLog = async (): Promise<LogBench> => {
  const server = await startRedisServer(SETTINGS);
  const redis = await connectRedis({ url: server.url, name: 'bench', blocking: true });
  try {
    const log = createRedisEventLog({ redis, tag: '{studio-bench}', codec: eventCodec });
    const serverBefore = await serverCpuSeconds(redis);
    let appendEventsPerSecond = 0;
    const clientCpu = await cpuSeconds(async () => {
      appendEventsPerSecond = Math.round(await benchAppend(log));
    });
    const perEvent = 1e6 / (ROUNDS * STREAMS * APPENDS * EVENTS_PER_APPEND);
    const serverCpu = (await serverCpuSeconds(redis)) - serverBefore;
    const { replay, ratio } = await benchReplay(log);
    const memory = await benchMemory(redis, log);
    return {
      appendEventsPerSecond,
      appendClientMicros: Number((clientCpu * perEvent).toFixed(1)),
      appendServerMicros: Number((serverCpu * perEvent).toFixed(1)),
      replayEventsPerSecond: Math.round(replay),
      replayOverParse: Number(ratio.toFixed(3)),
      memoryOverJson: Number(memory.ratio.toFixed(3)),
      events: STREAMS * APPENDS * EVENTS_PER_APPEND,
      bytesPerEvent: Math.round(memory.bytesPerEvent),
    };
  } finally {
    redis.disconnect();
    await server.stop();
  }
};
