import { execa } from 'execa';

const TICK_MS = 50;

/**
 * Whether `work` settles within so many milliseconds of a machine that has time for its processes: they are counted in
 * processes that start, wait and end, one after the other. What slows the work slows them, and a pause is one of them.
 */
export const settlesWithin = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  let isDone = false;
  const done = Promise.allSettled([work]).then(() => {
    isDone = true;
  });
  for (let leftMs = ms; leftMs > 0 && !isDone; leftMs -= TICK_MS)
    await Promise.race([done, execa('sleep', [String(TICK_MS / 1_000)])]);
  return isDone;
};
