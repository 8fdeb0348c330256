import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import { mergeLater, taskOf } from '../children/redo.ts';
import { type Change, type Context, type Evolvers, fact } from '../context.ts';
import { changeGate, changeStep } from '../copy.ts';
import {
  currentInvocation,
  type Failure,
  type Live,
  lastFailure,
  type Run,
  updateCurrent,
  updateLastFailure,
} from '../run.ts';
import { decideRecovery } from './decision.ts';
import { planFirst } from './replan.ts';

type Recovery = EventOf<'recovery.decided'>['data'];

/** What follows from a failure that nothing was decided about yet. */
export const recover = (run: Live, context: Context): EventOf<'recovery.decided'> | null => {
  const failure = lastFailure(run);
  if (!failure || failure.recovery) return null;
  return fact('recovery.decided', {
    ...decideRecovery(run, failure, context),
    draw: context.draw,
    policyHash: run.submission.policy.hash,
  });
};

/** A decision to halt ends the run at once. */
export const halt = (run: Live): EventOf<'orchestration.halted'> | null => {
  const failure = lastFailure(run);
  return failure?.recovery?.action === 'halt' ? fact('orchestration.halted', { reason: failure.error }) : null;
};

/** Whatever holds the lease lets go: a window may last for hours, and somebody else can use the worker. */
const waitedOut = (run: Run, failure: Failure, { notBefore }: Recovery): Change => ({
  // The try that met the window is not used up: the next one has its number.
  steps: run.steps.map((step) =>
    step.id === failure.step ? changeStep(step, { status: 'pending', tries: step.tries - 1 }) : step,
  ),
  gates: run.gates.map((gate) => (gate.gate === failure.gate ? changeGate(gate, { tries: gate.tries - 1 }) : gate)),
  invocations: updateCurrent(run, { lease: null }),
  wanted: { reason: 'continued', hint: currentInvocation(run)?.hint ?? null, ...(notBefore ? { notBefore } : {}) },
});

const replanned = (run: Run, failure: Failure, recovery: Recovery): Change => ({
  replans: run.replans + 1,
  replan: { ...failure, recovery },
  wanted: { reason: 'replan', hint: null },
  invocations: planFirst(run, failure.error),
});

const givenUp = (run: Run, failure: Failure): Change => ({
  steps: run.steps.map((step) => (step.id === failure.step ? changeStep(step, { status: 'failed' }) : step)),
  gates: run.gates.map((gate) => (gate.gate === failure.gate ? changeGate(gate, { status: 'failed' }) : gate)),
  invocations: updateCurrent(run, { status: 'failed', lease: null, error: failure.error }),
});

const consequence = (run: Run, failure: Failure, recovery: Recovery): Change => {
  switch (recovery.action) {
    case 'retry':
      return recovery.counted ? { retries: run.retries + 1 } : waitedOut(run, failure, recovery);
    case 'replan': {
      const task = taskOf(run, failure);
      return task === null ? replanned(run, failure, recovery) : mergeLater(run, task);
    }
    case 'escalate':
    case 'halt':
      return givenUp(run, failure);
  }
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
    return { ...consequence(run, failure, data), failures: updateLastFailure(run, { recovery: data }) };
  },
};
