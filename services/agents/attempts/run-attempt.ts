import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkJob } from '#contracts';
import { currentInvocation, type State } from '#domain';
import type { Orchestrations } from '#orchestrations';
import type { Logger } from '#runtime';
import { type Attempt, createAttempt, isHeld } from './attempt.ts';
import { LeaseEnded, OverBudget } from './errors.ts';
import type { Classifier } from './failure.ts';

/** What a role does with an attempt. It returns when all is reported; what it throws is reported as its failure. */
export type RunRole = (attempt: Attempt) => Promise<void>;

export interface RunAttemptOptions {
  readonly orchestrations: Orchestrations;
  /** Calls back whenever the stream moves; returns how to stop that. */
  readonly watch: (stream: string, onMoved: (version: number) => void, after: number) => () => void;
  readonly runRole: RunRole;
  readonly classifier: Classifier;
  /** Aborted when this process stops: the lease is handed back. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

const heldLease = (state: State, workerId: string): number | null => {
  const lease = state.lifecycle === 'live' ? currentInvocation(state)?.lease : null;
  return lease?.worker.id === workerId ? lease.number : null;
};

/** Takes in what others did to the run; a lease that is no longer current aborts what runs under it. */
const followLease = (
  { orchestrations, watch, logger }: RunAttemptOptions,
  { id, lease }: Pick<Attempt, 'id' | 'lease'>,
  held: { readonly state: () => State; readonly observe: (state: State) => void },
  ending: Ending,
): (() => void) => {
  const look = async (version: number): Promise<void> => {
    // Our own append is known already; what it says of money, it says under any lease.
    if (version > held.state().head.version) held.observe(await orchestrations.load(id, version));
    if (!isHeld(held.state(), lease)) ending.lose(new LeaseEnded(id, lease));
  };
  return watch(
    id,
    (version) => {
      look(version).catch((err: unknown) =>
        logger.warn({ orchestration: id, err }, 'could not look at a moved stream'),
      );
    },
    held.state().head.version,
  );
};

/**
 * When an attempt has to end: its lease is lost, or the process stops. One controller, because of each `AbortSignal.any` so
 * much is left to the garbage collector that attempts that do little cost a tenth more.
 */
const createEnding = (stopping: AbortSignal) => {
  const over = new AbortController();
  let lost = false;
  const stop = (): void => over.abort(stopping.reason);
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  return {
    signal: over.signal,
    isLost: (): boolean => lost,
    lose: (reason: LeaseEnded): void => {
      lost = true;
      over.abort(reason);
    },
    release: (): void => stopping.removeEventListener('abort', stop),
  };
};
type Ending = ReturnType<typeof createEnding>;

/** Has the run whose budget is used up ask a person, and gives the lease back until there is money again. */
const giveWay = async (attempt: Attempt, { grant }: OverBudget, orchestrations: Orchestrations): Promise<void> => {
  await attempt.report();
  if (grant.outcome === 'exceeded') {
    const by = { actor: `agent:${attempt.invocation().role}`, correlationId: attempt.id };
    const { state } = await orchestrations.execute(grant.of, { type: 'exceed_budget', ...grant.budget }, by);
    // What asks itself has no lease any more.
    if (grant.of === attempt.id && !isHeld(state, attempt.lease)) return;
  }
  await attempt.report({ fact: 'lease.released', data: { reason: 'budget' } });
};

/** Runs the role until it is done, ends or is told not to go on. */
const runToEnd = async (
  attempt: Attempt,
  { runRole, classifier, stopping, logger, orchestrations }: RunAttemptOptions,
): Promise<void> => {
  const isOver = (error: unknown): boolean => error instanceof LeaseEnded || stopping.aborted || attempt.signal.aborted;
  for (;;) {
    try {
      await runRole(attempt);
      return;
    } catch (error) {
      if (isOver(error)) return;
      if (error instanceof OverBudget) return giveWay(attempt, error, orchestrations);
      logger.warn({ orchestration: attempt.id, lease: attempt.lease, err: classifier.hide(error) }, 'attempt failed');
      await attempt.reportFailure({ fact: 'agent.failed', failure: classifier.ofThrown(error) });
    }
  }
};

/** Between two tries to store what was spent. */
const SETTLE_AGAIN_MS = 500;
const SETTLE_TRIES = 20;

/** What was paid for is stored before the job ends, also where nothing else under this lease counts any more. */
const settle = async ({ id, lease, spending }: Attempt, logger: Logger): Promise<void> => {
  for (let number = 1; ; number++) {
    try {
      return await spending.settled();
    } catch (err) {
      if (number === SETTLE_TRIES) throw err;
      logger.warn({ orchestration: id, lease, err }, 'what was spent is not stored yet');
      await sleep(SETTLE_AGAIN_MS);
    }
  }
};

/**
 * Executes what a work job asks for, if the log still asks for it. May run twice for one job (a lost lock): the second
 * `start` takes a newer lease, and nothing that the first one reports is stored any more.
 */
export const runAttempt = async (job: WorkJob, options: RunAttemptOptions): Promise<void> => {
  const { orchestrations, stopping, logger } = options;
  const { orchestration: id, dispatch, role } = job;
  const worker = { id: randomUUID(), host: hostname(), pid: process.pid };
  const by = { actor: `agent:${role}` };
  const { state } = await orchestrations.execute(id, { type: 'start', dispatch, worker }, by);
  const lease = heldLease(state, worker.id);
  if (lease === null) return;

  logger.info({ orchestration: id, role, lease }, 'attempt started');
  const ending = createEnding(stopping);
  const { signal } = ending;
  const { attempt, handBack, ...held } = createAttempt({ orchestrations, id, lease, worker, by, signal, state });
  const unfollow = followLease(options, attempt, held, ending);
  try {
    await runToEnd(attempt, options).catch(unlessOver(signal));
    await settle(attempt, logger);
    if (stopping.aborted && !ending.isLost()) await handBack();
  } finally {
    unfollow();
    ending.release();
  }
};

/** What is thrown because the lease is over says nothing new. */
const unlessOver =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!(error instanceof LeaseEnded) && !signal.aborted) throw error;
  };
