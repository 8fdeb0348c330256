import { setImmediate as afterReading, setTimeout as delay } from 'node:timers/promises';

/** A pause by whose end what arrived meanwhile has been read: when a process goes on after a stall, its timers come first. */
export const pauseAndRead = async (ms: number, options: { readonly ref?: boolean } = {}): Promise<void> => {
  await delay(ms, undefined, options);
  await afterReading();
};
