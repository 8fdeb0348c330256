import type { Io } from '../io.ts';

/** How long a second Ctrl-C still means: end the run too. */
const SECOND_MS = 2_000;

export interface Interrupts {
  /** Aborted by the first Ctrl-C. */
  readonly first: AbortSignal;
  /** The same as Ctrl-C: a prompt takes the key away from the terminal. */
  press(): void;
  /** After the first: whether a second one came in time. */
  second(): Promise<boolean>;
  stop(): void;
}

export const listenForInterrupts = (io: Pick<Io, 'onInterrupt'>): Interrupts => {
  const first = new AbortController();
  const second = new AbortController();
  const press = (): void => (first.signal.aborted ? second : first).abort();
  const stop = io.onInterrupt(press);
  return {
    first: first.signal,
    press,
    stop,
    second: () =>
      new Promise((resolve) => {
        if (second.signal.aborted) return resolve(true);
        const timer = setTimeout(() => resolve(false), SECOND_MS);
        second.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve(true);
        });
      }),
  };
};
