import { setTimeout as sleep } from 'node:timers/promises';
import { isOverdue, type State } from '#domain';
import { type EventLog, streamPages } from '#events';
import type { Orchestrations } from '#orchestrations';
import type { Allowance } from './allowance.ts';
import type { Fulfil } from './fulfil.ts';

export interface ReconcileOptions {
  readonly log: Pick<EventLog, 'due' | 'streams'>;
  readonly orchestrations: Pick<Orchestrations, 'load' | 'execute'>;
  readonly fulfil: Fulfil;
  readonly allowance: Pick<Allowance, 'waiting' | 'tidy'>;
  readonly onError: (error: unknown, stream: string | null) => void;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Between two looks at the due times. Default 1 s. */
  readonly dueEveryMs?: number;
  /** Between two passes over everything that lives. Default 5 s. */
  readonly reconcileEveryMs?: number;
}

const PAGE = 500;

/** Repeats until aborted; one failed pass is told, and the next one tries again. */
const repeat = async (everyMs: number, { signal, onError }: ReconcileOptions, pass: () => Promise<void>) => {
  while (!signal.aborted) {
    await pass().catch((error: unknown) => signal.aborted || onError(error, null));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
};

/** What waits for money: others may have spent less than was held back for them. */
const tryWaiting = async (options: ReconcileOptions): Promise<void> => {
  for (const id of await options.allowance.waiting()) await bringUp(id, options);
};

/** What time alone makes true. */
const sweepDue = async (options: ReconcileOptions): Promise<void> => {
  for (const id of await options.log.due(options.now().getTime())) await bringUp(id, options);
};

/** The state after what a deadline that has passed decides. */
const timedOut = async (id: string, state: State, { orchestrations, now }: ReconcileOptions): Promise<State> => {
  if (!isOverdue(state, now().getTime())) return state;
  return (await orchestrations.execute(id, { type: 'time_out' }, { actor: 'service:router' })).state;
};

const bringUp = async (id: string, options: ReconcileOptions): Promise<void> => {
  const { orchestrations, fulfil, onError } = options;
  try {
    await fulfil(id, await timedOut(id, await orchestrations.load(id), options), 'ensure');
  } catch (error) {
    onError(error, id);
  }
};

/** Compares the log with the queues: a job that is wished for and missing is added, whatever lost it. */
const reconcile = async (options: ReconcileOptions): Promise<void> => {
  for await (const ids of streamPages(options.log, 'live', PAGE))
    for (const id of ids) {
      if (options.signal.aborted) return;
      await bringUp(id, options);
    }
};

/** Both loops, until aborted. */
export const keepReconciled = async (options: ReconcileOptions): Promise<void> => {
  const { dueEveryMs = 1_000, reconcileEveryMs = 5_000 } = options;
  await Promise.all([
    repeat(dueEveryMs, options, () => sweepDue(options)),
    repeat(dueEveryMs, options, () => tryWaiting(options)),
    repeat(reconcileEveryMs, options, () => options.allowance.tidy()),
    repeat(reconcileEveryMs, options, () => reconcile(options)),
  ]);
};
