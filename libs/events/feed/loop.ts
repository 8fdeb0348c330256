import { setTimeout as sleep } from 'node:timers/promises';

/** Pause after a failed turn, so that a lost server is not asked without end. */
const RETRY_MS = 500;

/** Waits, but not beyond the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => {}); // only the signal rejects it

/** Takes turns until the signal; a turn that fails is reported and the next one comes a little later. */
export const keepGoing = async (
  signal: AbortSignal,
  onError: (error: unknown) => void,
  turn: () => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      await turn();
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await pause(RETRY_MS, signal);
    }
  }
};
