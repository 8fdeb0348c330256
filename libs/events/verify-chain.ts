import { chainHash, EMPTY_HEAD } from './codec/chain.ts';
import type { Head, StoredEntry } from './recorded.ts';

export interface ChainProblem {
  readonly ok: false;
  /** Version of the first event that is wrong or missing. */
  readonly version: number;
  /**
   * `gap` a version is missing or out of order · `changed` the bytes do not give the hash stored with them · `head` the
   * chain is whole but the head has another hash · `short` the head is further than the last event · `long` events
   * follow the head.
   */
  readonly problem: 'gap' | 'changed' | 'head' | 'short' | 'long';
  readonly reason: string;
}

export type ChainVerdict = (Head & { readonly ok: true }) | ChainProblem;

const wrong = (version: number, problem: ChainProblem['problem'], reason: string): ChainProblem => ({
  ok: false,
  version,
  problem,
  reason,
});

/** The chain, link by link: feed it entries as they are read, then ask for the verdict. */
export const createChainVerifier = () => {
  let head = EMPTY_HEAD;
  let problem: ChainProblem | null = null;

  const check = ({ version, hash, body }: StoredEntry): ChainProblem | null => {
    const due = head.version + 1;
    if (version !== due) return wrong(due, 'gap', `event ${due} is missing: event ${version} follows ${head.version}`);
    const actual = chainHash(head.hash, body);
    if (actual === hash) return null;
    const reason = `event ${version} was changed, or the one before it: its bytes hash to ${actual}, stored is ${hash}`;
    return wrong(version, 'changed', reason);
  };

  const compare = (expected: Head): ChainProblem | null => {
    if (head.version < expected.version) {
      const reason = `the log ends at event ${head.version}, its head is ${expected.version}: the end is missing`;
      return wrong(head.version + 1, 'short', reason);
    }
    if (head.version > expected.version) {
      const reason = `the log has event ${head.version}, its head is ${expected.version}: events were added after the head`;
      return wrong(expected.version + 1, 'long', reason);
    }
    if (head.hash === expected.hash) return null;
    return wrong(head.version, 'head', `the head names hash ${expected.hash}, the log gives ${head.hash}`);
  };

  return {
    /** @returns false from the first wrong entry on: the rest says nothing */
    add(entry: StoredEntry): boolean {
      problem ??= check(entry);
      if (!problem) head = { version: entry.version, hash: entry.hash };
      return problem === null;
    },
    verdict: (expected: Head): ChainVerdict => problem ?? compare(expected) ?? { ok: true, ...head },
  };
};

/**
 * Recomputes the hash of every event and compares the end with the head.
 * @returns the head, or the first thing that is wrong
 */
export const verifyChain = (entries: Iterable<StoredEntry>, expected: Head): ChainVerdict => {
  const verifier = createChainVerifier();
  for (const entry of entries) if (!verifier.add(entry)) break;
  return verifier.verdict(expected);
};
