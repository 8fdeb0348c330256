import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '#contracts';
import type { EventOf } from '#events';
import type { Evolvers } from '../context.ts';
import { changeGate, changeStep } from '../copy.ts';
import { verdict } from '../plan/score.ts';
import { carriedOver } from '../recovery/replan.ts';
import { currentInvocation, type Run, type Step, updateCurrent, updateInvocation } from '../run.ts';

const pendingSteps = (plan: Plan): readonly Step[] =>
  plan.steps.map(({ id, name }) => ({ id, name, status: 'pending', tries: 0, commit: null, error: null, checks: [] }));

/** A new attempt starts from the verified work: what failed counts its tries anew. */
const freshTries = (run: Run): Pick<Run, 'steps' | 'gates'> => ({
  steps: run.steps.map((step) =>
    step.status === 'completed' || step.status === 'skipped' ? step : changeStep(step, { status: 'pending', tries: 0 }),
  ),
  gates: run.gates.map((gate) => (gate.status === 'failed' ? changeGate(gate, { status: 'pending', tries: 0 }) : gate)),
});

/** Gates and criteria passed on one commit; of another one nothing is known. */
export const movedTo = (run: Run, commit: string | null): Pick<Run, 'commit' | 'gates' | 'criteria'> => {
  const { gates, criteria } = run;
  if (commit === run.commit) return { commit, gates, criteria };
  return {
    commit,
    gates: gates.map((gate) => (gate.status === 'passed' ? changeGate(gate, { status: 'pending' }) : gate)),
    criteria: [],
  };
};

/** The invocations after a report was taken in. */
export const seen = (run: Run, seq: number, leases?: number): Run['invocations'] => {
  const current = currentInvocation(run);
  if (!current?.lease) return run.invocations;
  const { number, worker, since } = current.lease;
  const lease = { number, worker, seq, since };
  return updateInvocation(run, current.number, { lease, leases: leases ?? current.leases });
};

/** The same after verified progress: workers that died before it are forgiven. */
export const progressed = (run: Run, seq: number): Run['invocations'] => seen(run, seq, 1);

/** Who asked goes on when every question has its answer, which may be so already. */
const wantedAfter = (run: Run, released: EventOf<'lease.released'>['data']['reason']): Run['wanted'] => {
  const hint = currentInvocation(run)?.hint ?? null;
  if (released === 'shutdown') return { reason: 'handed_back', hint };
  if (released === 'budget') return { reason: 'continued', hint };
  return released === 'asked' && run.raised === null ? { reason: 'answered', hint } : run.wanted;
};

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
  'agent.dispatched': (run, { version, data }) => {
    const { steps, gates } = data.attempt === currentInvocation(run)?.attempt ? run : freshTries(run);
    return {
      steps,
      gates,
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
    };
  },

  'agent.started': (run, { version, time, data }) => {
    const current = currentInvocation(run);
    return {
      invocations: updateCurrent(run, {
        lease: { number: version, worker: data.worker, seq: 0, since: time },
        leases: (current?.leases ?? 0) + 1,
        startedAt: current?.startedAt ?? time,
      }),
    };
  },

  'agent.progressed': (run, { data }) => ({ invocations: seen(run, data.seq), progress: data.message }),

  'agent.completed': (run, { time, data }) => {
    const role = currentInvocation(run)?.role ?? 'builder';
    const next = run.invocations.find(({ status }) => status === 'pending');
    return {
      progress: null,
      checkpointDue: { name: `${role}_complete`, afterAgent: role },
      // Who was at work before has another plan under it now.
      wanted: { reason: next && next.attempt > 0 ? 'replan' : 'first', hint: null },
      invocations: updateCurrent(run, { status: 'completed', completedAt: time, output: data.output, lease: null }),
    };
  },

  'lease.released': (run, { data }) => ({
    wanted: wantedAfter(run, data.reason),
    invocations: updateCurrent(run, { lease: null }),
  }),

  'workspace.prepared': (run, { data: { lease: _lease, seq, ...workspace } }) => ({
    invocations: seen(run, seq),
    workspace,
    commit: run.commit ?? workspace.base,
  }),

  'workspace.lost': (run, { data }) => {
    const { commit, gates, criteria } = movedTo(run, data.keep ?? run.workspace?.base ?? null);
    return {
      invocations: seen(run, data.seq),
      commit,
      gates,
      criteria,
      children: run.children.map((child) =>
        child.merged !== null && data.missing.includes(child.merged) ? { ...child, merged: null } : child,
      ),
      steps: run.steps.map((step) =>
        step.commit !== null && data.missing.includes(step.commit)
          ? changeStep(step, { status: 'pending', tries: 0, commit: null, checks: [] })
          : step,
      ),
    };
  },

  'plan.created': (run, { data: { lease: _lease, seq, ...plan } }) => {
    const planAccepted = ['go', 'caution'].includes(verdict(plan.confidence));
    return {
      invocations: progressed(run, seq),
      plan,
      planAccepted,
      // Until somebody accepts a plan, the next one has to avoid the failure, too.
      replan: planAccepted ? null : run.replan,
      steps: carriedOver(run, plan.plan, pendingSteps(plan.plan)),
      gates: isDeepStrictEqual(plan.plan.quality_gates, run.plan?.plan.quality_gates) ? run.gates : [],
      criteria: [],
    };
  },

  'gates.discovered': (run, { data }) => ({
    invocations: seen(run, data.seq),
    gates: data.gates.map(({ gate, command, source, base }) => ({
      gate,
      command,
      source,
      base,
      status: 'pending',
      tries: 0,
    })),
  }),
};

/** A plan that came with the goal is in force from the start. */
export const planGiven = (plan: Plan, source: string): Pick<Run, 'plan' | 'planAccepted' | 'steps'> => ({
  plan: { plan, source, confidence: 100, cautions: [] },
  planAccepted: true,
  steps: pendingSteps(plan),
});
