import type { Contender } from './contenders.ts';

/** Waits for goals by the id that `submit` gave them; one may be done before its submit has returned. */
const createWaiting = (contender: Contender) => {
  const early = new Set<string>();
  const waiting = new Map<string, () => void>();
  contender.onDone((id) => {
    const resolve = waiting.get(id);
    if (resolve) resolve();
    else early.add(id);
    waiting.delete(id);
  });
  return async (): Promise<void> => {
    const id = await contender.submit();
    if (!early.delete(id)) await new Promise<void>((resolve) => waiting.set(id, resolve));
  };
};

export interface Throughput {
  readonly goalsPerSecond: number;
  /** Processor time of this process for one goal. */
  readonly clientMs: number;
}

/** All goals at once: what the machine gives. A tenth more go first, uncounted, to warm up. */
export const measureThroughput = async (contender: Contender, goals: number): Promise<Throughput> => {
  const run = createWaiting(contender);
  await Promise.all(Array.from({ length: Math.ceil(goals / 10) }, run));
  const started = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: goals }, run));
  const { user, system } = process.cpuUsage(cpu);
  return {
    goalsPerSecond: goals / ((performance.now() - started) / 1_000),
    clientMs: (user + system) / 1_000 / goals,
  };
};

/** One goal at a time on an idle installation, milliseconds each, fastest first. */
export const measureLatencies = async (contender: Contender, goals: number): Promise<readonly number[]> => {
  const run = createWaiting(contender);
  const times: number[] = [];
  for (let i = 0; i < goals; i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b);
};
