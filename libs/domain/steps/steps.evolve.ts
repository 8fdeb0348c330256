import { movedTo, progressed, seen } from '../agents/agents.evolve.ts';
import type { Evolvers } from '../context.ts';
import type { GateProgress, Run, Step } from '../run.ts';

const updateStep = (run: Run, id: string, change: Partial<Step>): readonly Step[] =>
  run.steps.map((step) => (step.id === id ? { ...step, ...change } : step));

const updateGate = (run: Run, gate: string, change: Partial<GateProgress>): readonly GateProgress[] =>
  run.gates.map((entry) => (entry.gate === gate ? { ...entry, ...change } : entry));

const checkpointAfterSteps = (run: Run): Pick<Run, 'checkpointDue' | 'verifiedSinceCheckpoint'> => {
  const verified = run.verifiedSinceCheckpoint + 1;
  return verified < run.submission.policy.checkpointEvery
    ? { checkpointDue: run.checkpointDue, verifiedSinceCheckpoint: verified }
    : { checkpointDue: { name: `${verified}_steps_verified`, afterAgent: null }, verifiedSinceCheckpoint: verified };
};

export const stepEvolvers: Evolvers<
  | 'step.started'
  | 'step.tried'
  | 'step.succeeded'
  | 'step.skipped'
  | 'acceptance.checked'
  | 'gate.passed'
  | 'gate.failed'
  | 'gate.waived'
  | 'work.collected'
> = {
  'step.started': (run, { data }) => {
    const risky = run.plan?.plan.steps.find(({ id }) => id === data.step)?.risky === true;
    return {
      ...seen(run, data.seq),
      steps: updateStep(run, data.step, { status: 'active' }),
      // Saved before a risky move, unless nothing was verified since the last one.
      checkpointDue:
        risky && run.verifiedSinceCheckpoint > 0
          ? { name: `before_${data.step}`, afterAgent: null }
          : run.checkpointDue,
    };
  },

  'step.tried': (run, { data }) => ({
    ...seen(run, data.seq),
    steps: updateStep(run, data.step, { status: 'pending', tries: data.try, checks: data.checks }),
  }),

  'step.succeeded': (run, { data }) => ({
    ...progressed(seen(run, data.seq)),
    ...checkpointAfterSteps(run),
    ...movedTo(run, data.commit ?? run.commit),
    steps: updateStep(run, data.step, {
      status: 'completed',
      commit: data.commit,
      error: null,
      checks: data.checks,
    }),
  }),

  'step.skipped': (run, { data }) => ({
    ...run,
    steps: updateStep(run, data.step, { status: 'skipped' }),
    wanted: { reason: 'skipped_step', hint: null },
  }),

  'acceptance.checked': (run, { data }) => ({ ...seen(run, data.seq), criteria: data.results }),

  'gate.passed': (run, { data }) => ({
    ...progressed(seen(run, data.seq)),
    gates: updateGate(run, data.gate, { status: 'passed' }),
  }),

  'gate.failed': (run, { data }) => ({
    ...seen(run, data.seq),
    gates: updateGate(run, data.gate, { status: 'pending', tries: data.try }),
  }),

  'gate.waived': (run, { data }) => ({
    ...seen(run, data.seq),
    gates: updateGate(run, data.gate, { status: data.reason }),
  }),

  'work.collected': (run, { data }) => ({
    ...seen(run, data.seq),
    ...movedTo(run, data.commit ?? run.commit),
    files: data.files,
  }),
};
