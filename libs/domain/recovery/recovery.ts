import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import { type Context, type Evolvers, fact } from '../context.ts';
import { changeGate, changeStep } from '../copy.ts';
import { type Failure, type Live, lastFailure, type Run, updateCurrent, updateLastFailure } from '../run.ts';

type Recovery = EventOf<'recovery.decided'>['data'];

/** First wait after a transient fault; doubled for each that follows, up to the longest. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

/** Half of the wait is fixed, half is drawn: callers that failed together come back apart. */
const backoffMs = (tries: number, draw: number): number => {
  const full = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1));
  return Math.round(full / 2 + (full / 2) * draw);
};

/** Failures of the same thing in the same attempt, this one included. */
const triesOf = (run: Run, failure: Failure): number =>
  run.failures.filter(
    ({ role, attempt, step, gate }) =>
      role === failure.role && attempt === failure.attempt && step === failure.step && gate === failure.gate,
  ).length;

const limitOf = (run: Run, failure: Failure): number => {
  const { stepTries, gateTries } = run.submission.policy;
  if (failure.step === null) return gateTries;
  const step = run.plan?.plan.steps.find(({ id }) => id === failure.step);
  return step?.retry_behavior?.max_attempts ?? stepTries;
};

const fixHints = (run: Run, failure: Failure): string | null =>
  run.plan?.plan.steps.find(({ id }) => id === failure.step)?.retry_behavior?.fix_hints.join('\n') || null;

const decision = (run: Run, failure: Failure, { now, draw }: Context): Omit<Recovery, 'draw' | 'policyHash'> => {
  const tries = triesOf(run, failure);
  const limit = limitOf(run, failure);
  const stay = { notBefore: null, hint: null, counted: true };
  if (failure.category === 'critical') return { action: 'halt', reason: 'nothing may go on after this', ...stay };
  if (failure.category === 'blocker') return { action: 'escalate', reason: 'a person has to unblock it', ...stay };
  if (failure.category === 'design_flaw')
    return { action: 'escalate', reason: 'the approach does not work; trying it again cannot help', ...stay };
  if (tries >= limit) return { action: 'escalate', reason: `${tries} of ${limit} tries are used up`, ...stay };
  const reason = `try ${tries} of ${limit} failed`;
  if (failure.category === 'code_error')
    return { action: 'retry', reason, notBefore: null, hint: fixHints(run, failure), counted: true };
  return {
    action: 'retry',
    reason,
    notBefore: new Date(Date.parse(now) + backoffMs(tries, draw)).toISOString(),
    hint: null,
    counted: true,
  };
};

/** What follows from a failure that nothing was decided about yet. */
export const recover = (run: Live, context: Context): EventOf<'recovery.decided'> | null => {
  const failure = lastFailure(run);
  if (!failure || failure.recovery) return null;
  return fact('recovery.decided', {
    ...decision(run, failure, context),
    draw: context.draw,
    policyHash: run.submission.policy.hash,
  });
};

/** A decision to halt ends the run at once. */
export const halt = (run: Live): EventOf<'orchestration.halted'> | null => {
  const failure = lastFailure(run);
  return failure?.recovery?.action === 'halt' ? fact('orchestration.halted', { reason: failure.error }) : null;
};

export const recoveryEvolvers: Evolvers<'failure.recorded' | 'recovery.decided'> = {
  'failure.recorded': (run, { time, version, data: { lease: _lease, seq, ...failure } }) => ({
    invocations: seq === null ? run.invocations : seen(run, seq),
    failures: [...run.failures, { ...failure, time, version, recovery: null, asked: false }],
    steps: run.steps.map((step) => (step.id === failure.step ? changeStep(step, { error: failure.error }) : step)),
  }),

  'recovery.decided': (run, { data }) => {
    const failure = lastFailure(run);
    if (!failure) return {};
    const failures = updateLastFailure(run, { recovery: data });
    if (data.action === 'retry') return { failures, retries: run.retries + 1 };
    return {
      failures,
      steps: run.steps.map((step) => (step.id === failure.step ? changeStep(step, { status: 'failed' }) : step)),
      gates: run.gates.map((gate) => (gate.gate === failure.gate ? changeGate(gate, { status: 'failed' }) : gate)),
      invocations: updateCurrent(run, { status: 'failed', lease: null, error: failure.error }),
    };
  },
};
