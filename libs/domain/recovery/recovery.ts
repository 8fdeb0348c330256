import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import { mergeLater, taskOf } from '../children/redo.ts';
import { type Change, type Context, type Evolvers, fact } from '../context.ts';
import { changeGate, changeStep } from '../copy.ts';
import { outagesAfter } from '../engines/outages.ts';
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

/**
 * Whatever holds the lease lets go: a window may last for hours, and somebody else can use the worker. Whoever goes on begins
 * where the last verified work ended: what the try left behind is gone with its lease.
 */
const orderedLater = (run: Run, failure: Failure, { notBefore, counted }: Recovery): Change => ({
  // A try that does not count is not used up: the next one has its number.
  steps: run.steps.map((step) =>
    step.id === failure.step && !counted ? changeStep(step, { status: 'pending', tries: step.tries - 1 }) : step,
  ),
  gates: run.gates.map((gate) =>
    gate.gate === failure.gate && !counted ? changeGate(gate, { tries: gate.tries - 1 }) : gate,
  ),
  retries: run.retries + (counted ? 1 : 0),
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
      return recovery.counted && failure.provider === null
        ? { retries: run.retries + 1 }
        : orderedLater(run, failure, recovery);
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
  'failure.recorded': (run, { time, version, data: { lease: _lease, seq, ...data } }) => {
    const failure: Failure = { ...data, time, version, recovery: null, asked: false, goesOnWith: null };
    return {
      invocations: seq === null ? run.invocations : seen(run, seq),
      failures: [...run.failures, failure],
      engines: { ...run.engines, outages: outagesAfter(run.engines.outages, failure) },
      steps: run.steps.map((step) => (step.id === failure.step ? changeStep(step, { error: failure.error }) : step)),
    };
  },

  'recovery.decided': (run, { data }) => {
    const failure = lastFailure(run);
    if (!failure) return {};
    return { ...consequence(run, failure, data), failures: updateLastFailure(run, { recovery: data }) };
  },
};
