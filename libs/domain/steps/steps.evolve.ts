import { movedTo, progressed, seen } from '../agents/agents.evolve.ts';
import type { Evolvers } from '../context.ts';
import { changeGate, changeStep } from '../copy.ts';
import { isRisky } from '../plan/risky.ts';
import type { GateProgress, Run, Step } from '../run.ts';

const updateStep = (run: Run, id: string, change: Partial<Step>): readonly Step[] =>
  run.steps.map((step) => (step.id === id ? changeStep(step, change) : step));

const updateGate = (run: Run, gate: string, change: Partial<GateProgress>): readonly GateProgress[] =>
  run.gates.map((entry) => (entry.gate === gate ? changeGate(entry, change) : entry));

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
  | 'acceptance.shown'
  | 'gate.passed'
  | 'gate.failed'
  | 'gate.waived'
  | 'work.collected'
> = {
  'step.started': (run, { data }) => {
    const step = run.plan?.plan.steps.find(({ id }) => id === data.step);
    return {
      invocations: seen(run, data.seq),
      steps: updateStep(run, data.step, { status: 'active' }),
      // Saved before a risky move, unless nothing was verified since the last one.
      checkpointDue:
        step && isRisky(step) && run.verifiedSinceCheckpoint > 0
          ? { name: `before_${data.step}`, afterAgent: null }
          : run.checkpointDue,
    };
  },

  'step.tried': (run, { data }) => ({
    invocations: seen(run, data.seq),
    steps: updateStep(run, data.step, { status: 'pending', tries: data.try, checks: data.checks }),
  }),

  'step.succeeded': (run, { data }) => {
    const { commit, gates, criteria } = movedTo(run, data.commit ?? run.commit);
    const { checkpointDue, verifiedSinceCheckpoint } = checkpointAfterSteps(run);
    const done = { status: 'completed', commit: data.commit, error: null, checks: data.checks } as const;
    return {
      invocations: progressed(run, data.seq),
      commit,
      gates,
      criteria,
      checkpointDue,
      verifiedSinceCheckpoint,
      steps: updateStep(run, data.step, done),
    };
  },

  'step.skipped': (run, { data }) => ({
    steps: updateStep(run, data.step, { status: 'skipped' }),
    wanted: { reason: 'skipped_step', hint: null },
  }),

  'acceptance.shown': (run, { data }) => ({
    invocations: seen(run, data.seq),
    shown: [...run.shown.filter(({ id }) => !data.results.some((result) => result.id === id)), ...data.results],
  }),

  'acceptance.checked': (run, { data }) => ({ invocations: seen(run, data.seq), criteria: data.results }),

  'gate.passed': (run, { data }) => ({
    invocations: progressed(run, data.seq),
    gates: updateGate(run, data.gate, { status: 'passed' }),
  }),

  'gate.failed': (run, { data }) => ({
    invocations: seen(run, data.seq),
    gates: updateGate(run, data.gate, { status: 'pending', tries: data.try }),
  }),

  'gate.waived': (run, { data }) => ({
    invocations: seen(run, data.seq),
    gates: updateGate(run, data.gate, { status: data.reason }),
  }),

  'work.collected': (run, { data }) => {
    const { commit, gates, criteria } = movedTo(run, data.commit ?? run.commit);
    return { invocations: seen(run, data.seq), commit, gates, criteria, files: data.files };
  },
};
