import type { Plan } from '#contracts';
import type { Evolvers } from '../context.ts';
import { verdict } from '../plan/score.ts';
import { currentInvocation, type Run, type Step, updateCurrent, updateInvocation } from '../run.ts';

const pendingSteps = (plan: Plan): readonly Step[] =>
  plan.steps.map(({ id, name }) => ({ id, name, status: 'pending', tries: 0, commit: null, error: null, checks: [] }));

/** A new attempt starts from the verified work: what failed counts its tries anew. */
const freshTries = (run: Run): Pick<Run, 'steps' | 'gates'> => ({
  steps: run.steps.map((step) =>
    step.status === 'completed' || step.status === 'skipped' ? step : { ...step, status: 'pending', tries: 0 },
  ),
  gates: run.gates.map((gate) => (gate.status === 'failed' ? { ...gate, status: 'pending', tries: 0 } : gate)),
});

/** Gates and criteria passed on one commit; of another one nothing is known. */
export const movedTo = (run: Run, commit: string | null): Pick<Run, 'commit' | 'gates' | 'criteria'> => {
  const { gates, criteria } = run;
  // Exactly these fields: the caller spreads them over what else changed.
  if (commit === run.commit) return { commit, gates, criteria };
  return {
    commit,
    gates: gates.map((gate) => (gate.status === 'passed' ? { ...gate, status: 'pending' } : gate)),
    criteria: [],
  };
};

/** Marks a report as taken in. */
export const seen = (run: Run, seq: number): Run => {
  const current = currentInvocation(run);
  if (!current?.lease) return run;
  return { ...run, invocations: updateInvocation(run, current.number, { lease: { ...current.lease, seq } }) };
};

/** Verified progress: workers that died before it are forgiven. */
export const progressed = (run: Run): Run => ({ ...run, invocations: updateCurrent(run, { leases: 1 }) });

export const agentEvolvers: Evolvers<
  | 'agent.dispatched'
  | 'agent.started'
  | 'agent.progressed'
  | 'agent.completed'
  | 'lease.released'
  | 'workspace.prepared'
  | 'workspace.lost'
  | 'plan.created'
  | 'gates.discovered'
> = {
  'agent.dispatched': (run, { version, data }) => ({
    ...run,
    ...(data.attempt === currentInvocation(run)?.attempt ? {} : freshTries(run)),
    wanted: null,
    retries: run.retries + (data.reason === 'retry' ? 1 : 0),
    invocations: updateInvocation(run, data.invocation, {
      status: 'active',
      attempt: data.attempt,
      dispatch: version,
      notBefore: data.notBefore,
      hint: data.hint,
      lease: null,
      leases: 0,
      error: null,
    }),
  }),

  'agent.started': (run, { version, time, data }) => {
    const current = currentInvocation(run);
    return {
      ...run,
      invocations: updateCurrent(run, {
        lease: { number: version, worker: data.worker, seq: 0, since: time },
        leases: (current?.leases ?? 0) + 1,
        startedAt: current?.startedAt ?? time,
      }),
    };
  },

  'agent.progressed': (run, { data }) => ({ ...seen(run, data.seq), progress: data.message }),

  'agent.completed': (run, { time, data }) => {
    const role = currentInvocation(run)?.role ?? 'builder';
    return {
      ...run,
      progress: null,
      checkpointDue: { name: `${role}_complete`, afterAgent: role },
      wanted: { reason: 'first', hint: null },
      invocations: updateCurrent(run, { status: 'completed', completedAt: time, output: data.output, lease: null }),
    };
  },

  'lease.released': (run, { data }) => ({
    ...run,
    wanted:
      data.reason === 'shutdown' ? { reason: 'handed_back', hint: currentInvocation(run)?.hint ?? null } : run.wanted,
    invocations: updateCurrent(run, { lease: null }),
  }),

  'workspace.prepared': (run, { data: { lease: _lease, seq, ...workspace } }) => ({
    ...seen(run, seq),
    workspace,
    commit: run.commit ?? workspace.base,
  }),

  'workspace.lost': (run, { data }) => ({
    ...seen(run, data.seq),
    ...movedTo(run, data.keep ?? run.workspace?.base ?? null),
    steps: run.steps.map((step) =>
      step.commit !== null && data.missing.includes(step.commit)
        ? { ...step, status: 'pending', tries: 0, commit: null, checks: [] }
        : step,
    ),
  }),

  'plan.created': (run, { data: { lease: _lease, seq, ...plan } }) => ({
    ...progressed(seen(run, seq)),
    plan,
    planAccepted: ['go', 'caution'].includes(verdict(plan.confidence)),
    steps: pendingSteps(plan.plan),
  }),

  'gates.discovered': (run, { data }) => ({
    ...seen(run, data.seq),
    gates: data.gates.map((gate) => ({ ...gate, status: 'pending', tries: 0 })),
  }),
};

/** A plan that came with the goal is in force from the start. */
export const planGiven = (plan: Plan, source: string): Pick<Run, 'plan' | 'planAccepted' | 'steps'> => ({
  plan: { plan, source, confidence: 100, cautions: [] },
  planAccepted: true,
  steps: pendingSteps(plan),
});
