import type { UsageEntry } from '#domain';

export type Expense = Omit<UsageEntry, 'number'>;

export interface Spending {
  /** Takes note of an amount, and has it stored at once. */
  readonly add: (expense: Expense) => void;
  /** Resolves when everything that was noted is stored. @throws the log did not take it; it is kept for the next call */
  readonly settled: () => Promise<void>;
}

/**
 * What is paid for under one lease, in the order in which it became known. Each amount has a number for good, so that
 * what was stored although nobody was told so is stored once.
 * @param store stores these amounts, all or none of them
 */
export const createSpending = (store: (entries: readonly UsageEntry[]) => Promise<void>): Spending => {
  let noted = 0;
  let pending: readonly UsageEntry[] = [];
  let storing: Promise<void> | null = null;

  const storeAll = async (): Promise<void> => {
    while (pending.length > 0) {
      const entries = pending;
      await store(entries);
      pending = pending.slice(entries.length);
    }
  };
  const settled = (): Promise<void> => {
    storing ??= storeAll().finally(() => {
      storing = null;
    });
    return storing;
  };
  return {
    settled,
    add: (expense) => {
      noted += 1;
      pending = [...pending, { number: noted, ...expense }];
      // Who waits for it hears of a failure; until then it is tried again with the next amount.
      settled().catch(() => undefined);
    },
  };
};
