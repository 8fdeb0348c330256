export interface LanesOptions<Item> {
  /** Keys that run at the same time. */
  readonly concurrency: number;
  /** Handles all that came for a key since it last ran. Must not reject. */
  readonly run: (key: string, items: readonly Item[]) => Promise<void>;
}

/** Work by key: two keys run side by side, one key never does; what comes for a busy key waits and is joined. */
export const createLanes = <Item>({ concurrency, run }: LanesOptions<Item>) => {
  const waiting = new Map<string, Item[]>(); // in order of arrival
  const running = new Set<string>();
  let waiters: (() => void)[] = [];

  const wake = () => {
    const woken = waiters;
    waiters = [];
    for (const resume of woken) resume();
  };

  const finish = (key: string) => {
    running.delete(key);
    pump();
    wake();
  };

  const pump = () => {
    for (const [key, items] of waiting) {
      if (running.size >= concurrency) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.add(key);
      void run(key, items).finally(() => finish(key));
    }
  };

  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => waiters.push(resolve));
  };

  return {
    /** What comes for one key in one page is handled as one. */
    push(page: readonly (readonly [key: string, item: Item])[]): void {
      for (const [key, item] of page) {
        const items = waiting.get(key);
        if (items) items.push(item);
        else waiting.set(key, [item]);
      }
      pump();
    },
    /** Forgets what has not begun. */
    drop(): void {
      waiting.clear();
      wake();
    },
    /** Waits until at most `keys` keys wait for a free place. */
    atMost: (keys: number) => until(() => waiting.size <= keys),
    /** Waits until nothing runs or waits. */
    idle: () => until(() => running.size === 0 && waiting.size === 0),
  };
};
