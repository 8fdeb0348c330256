import { setTimeout as sleep } from 'node:timers/promises';
import {
  currentInvocation,
  type Invocation,
  type Live,
  lastFailure,
  type ReportItem,
  type State,
  type UsageEntry,
} from '#domain';
import type { By, Orchestrations } from '#orchestrations';
import { LeaseEnded } from './errors.ts';
import { createSpending, type Spending } from './money/spending.ts';

/** One execution of an attempt, under one lease. All that a role may know of the run and tell about it. */
export interface Attempt {
  readonly id: string;
  readonly lease: number;
  readonly worker: { readonly id: string; readonly host: string; readonly pid: number };
  /** Aborted when the lease is no longer ours, or the process stops. Everything must be gone within 5 s after. */
  readonly signal: AbortSignal;
  /** The run as of the last report or move of its stream. */
  readonly run: () => Live;
  readonly invocation: () => Invocation;
  /** Another run, as of now: one of its tasks. */
  readonly stateOf: (id: string) => Promise<State>;
  /**
   * Stores what happened, with all that follows from it, as one append.
   * @throws {LeaseEnded} another lease took over, or the run ended: stop, nothing was stored
   */
  readonly report: (...items: readonly ReportItem[]) => Promise<void>;
  /**
   * Resolves as soon as the run gives an answer, at once where it does already.
   * @throws {LeaseEnded} the run is no longer ours @throws the reason of `signal`
   */
  readonly when: <T>(answer: (run: Live) => T | null, signal: AbortSignal) => Promise<T>;
  /** Keeps an item for the next report: facts that belong to one moment are stored as one. */
  readonly note: (item: ReportItem) => void;
  /**
   * Reports a failure and obeys what was decided about it: waits as told and returns to try again.
   * @throws {LeaseEnded} the decision was not to retry
   */
  readonly reportFailure: (item: ReportItem) => Promise<void>;
  /** What is paid for under this lease. It is stored under any circumstances: also after the lease has ended. */
  readonly spending: Spending;
  /** To be called between two pieces of work. @throws {LeaseEnded} the run was paused: the lease is given back */
  readonly breathe: () => Promise<void>;
}

export interface AttemptParts {
  readonly orchestrations: Orchestrations;
  readonly id: string;
  readonly lease: number;
  readonly worker: Attempt['worker'];
  readonly by: By;
  readonly signal: AbortSignal;
  readonly state: State;
}

const holder = (state: State, lease: number): Invocation | null => {
  if (state.lifecycle !== 'live') return null;
  const current = currentInvocation(state);
  return current?.lease?.number === lease ? current : null;
};

export const isHeld = (state: State, lease: number): boolean => holder(state, lease) !== null;

/** What this process knows of the run, and the only way to add to it. */
const createReporter = ({ orchestrations, id, lease, by, ...parts }: AttemptParts) => {
  let state = parts.state;
  let seq = 0;
  const listeners = new Set<() => void>();
  const become = (newer: State): void => {
    state = newer;
    for (const listener of [...listeners]) listener();
  };
  let sending: Promise<unknown> = Promise.resolve();

  const sendNow = async (items: readonly ReportItem[]): Promise<void> => {
    seq += 1;
    const executed = await orchestrations.execute(id, { type: 'report', lease, seq, items }, by);
    become(executed.state);
    // Nothing stored, and still ours: it was so already. Something stored, and no longer ours: this report ended it.
    if (executed.events.length === 0 && !isHeld(state, lease)) throw new LeaseEnded(id, lease);
  };

  const spendNow = async (entries: readonly UsageEntry[]): Promise<void> => {
    const executed = await orchestrations.execute(id, { type: 'record_usage', lease, entries }, by);
    become(executed.state);
  };

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = sending.then(work);
    sending = turn.catch(() => undefined);
    return turn;
  };

  return {
    state: (): State => state,
    /** Takes in what the log says now. */
    observe: (newer: State): void => {
      if (newer.head.version > state.head.version) become(newer);
    },
    onChange: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** One at a time: the sequence numbers must arrive in order. */
    send: (items: readonly ReportItem[]): Promise<void> => inTurn(() => sendNow(items)),
    spend: (entries: readonly UsageEntry[]): Promise<void> => inTurn(() => spendNow(entries)),
  };
};

const waitUntil = async (time: string | null, signal: AbortSignal): Promise<void> => {
  const waitMs = time ? Date.parse(time) - Date.now() : 0;
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
};

const whenever = <T>(
  run: () => Live,
  onChange: (listener: () => void) => () => void,
  answer: (run: Live) => T | null,
  signal: AbortSignal,
): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const settle = (how: () => void): void => {
      stop();
      signal.removeEventListener('abort', abort);
      how();
    };
    const look = (): void => {
      try {
        const given = answer(run());
        if (given !== null) settle(() => resolve(given));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const abort = (): void => settle(() => reject(signal.reason));
    const stop = onChange(look);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else look();
  });

export const createAttempt = (parts: AttemptParts) => {
  const { id, lease, worker, signal } = parts;
  const { state, observe, send, spend, onChange } = createReporter(parts);
  let noted: readonly ReportItem[] = [];

  const invocation = (): Invocation => {
    const current = holder(state(), lease);
    if (!current) throw new LeaseEnded(id, lease);
    return current;
  };

  const run = (): Live => {
    const now = state();
    if (now.lifecycle !== 'live' || !holder(now, lease)) throw new LeaseEnded(id, lease);
    return now;
  };

  const report = async (...items: readonly ReportItem[]): Promise<void> => {
    signal.throwIfAborted();
    const all = [...noted, ...items];
    noted = [];
    if (all.length > 0) await send(all);
  };

  const attempt: Attempt = {
    id,
    lease,
    worker,
    signal,
    run,
    invocation,
    stateOf: (other) => parts.orchestrations.load(other),
    report,
    when: (answer, until) => whenever(run, onChange, answer, until),
    spending: createSpending(spend),
    note: (item) => {
      noted = [...noted, item];
    },
    async reportFailure(item) {
      await report(item);
      const recovery = lastFailure(run())?.recovery;
      if (recovery?.action !== 'retry') throw new LeaseEnded(id, lease);
      await waitUntil(recovery.notBefore, signal);
    },
    async breathe() {
      if (!run().paused) return;
      await report({ fact: 'lease.released', data: { reason: 'paused' } });
      throw new LeaseEnded(id, lease);
    },
  };
  return {
    attempt,
    state,
    observe,
    /** Gives the lease back, also after the abort: another worker goes on at once, not when the lock has expired. */
    handBack: (): Promise<void> => send([{ fact: 'lease.released', data: { reason: 'shutdown' } }]),
  };
};
