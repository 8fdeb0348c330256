import type { EventOf } from '#events';
import { type Evolvers, fact } from '../context.ts';
import { buildHandoff } from '../plan/handoff.ts';
import { currentInvocation, type Live, presentHandoffs } from '../run.ts';

/** Before the builder's first attempt, what the planner found is handed over: complete, or not at all. */
export const handOff = (run: Live): EventOf<'handoff.recorded'> | null => {
  const next = currentInvocation(run);
  const from = run.invocations.find(({ number, role }) => role === 'planner' && number < (next?.number ?? 0));
  if (next?.role !== 'builder' || from?.status !== 'completed' || !run.plan) return null;
  if (presentHandoffs(run).some(({ to }) => to === 'builder')) return null;
  return fact('handoff.recorded', { from: 'planner', to: 'builder', context: buildHandoff(run.plan.plan) });
};

export const handoffEvolvers: Evolvers<'handoff.recorded' | 'handoff.completed'> = {
  'handoff.recorded': (run, { time, data }) => ({ handoffs: [...run.handoffs, { ...data, time }] }),
  // By hand, and the newest of this kind counts.
  'handoff.completed': (run, { time, data }) => ({ handoffs: [...run.handoffs, { ...data, time }] }),
};
