import type { HandoffContext } from '#contracts';
import type { EventOf } from '#events';
import { type Evolvers, fact } from '../context.ts';
import {
  currentInvocation,
  type Handoff,
  isHeldUp,
  type Live,
  lastFailure,
  openInteractions,
  presentHandoffs,
  type Run,
} from '../run.ts';
import { type Direction, knownContext, missingFields } from './contexts.ts';

/** A handoff that the facts call for, and what it still lacks. */
export interface DueHandoff extends Direction {
  readonly context: HandoffContext;
  readonly missing: readonly string[];
}

/** From whom the one whose turn it is has to be told something. */
const dueDirection = (run: Run): Direction | null => {
  const next = currentInvocation(run);
  if (next?.role === 'planner' && run.replan) return { from: 'builder', to: 'planner' };
  if (next?.role !== 'builder' || !run.plan) return null;
  const before = run.invocations.slice(0, run.invocations.indexOf(next));
  const planner = before.findLast(({ role }) => role === 'planner');
  return planner?.status === 'completed' ? { from: 'planner', to: 'builder' } : null;
};

/** Agents take turns, so the last handoff says who knows everything. */
export const dueHandoff = (run: Run): DueHandoff | null => {
  const direction = dueDirection(run);
  if (!direction || presentHandoffs(run).at(-1)?.to === direction.to) return null;
  const context = knownContext(run, direction);
  return { ...direction, context, missing: missingFields(direction, context) };
};

const REFUSED = 'handoff-incomplete';

/** A person was asked because the next handoff is not complete. */
export const isHeldBack = (run: Run): boolean =>
  lastFailure(run)?.fingerprint === REFUSED && openInteractions(run).some(({ kind }) => kind === 'escalation');

/** Nobody is sent off to find out what he was not told: a person has to complete it first. */
const refused = (run: Live, { from, to, missing }: DueHandoff): EventOf<'failure.recorded'> =>
  fact('failure.recorded', {
    lease: null,
    seq: null,
    role: to,
    attempt: Math.max(1, currentInvocation(run)?.attempt ?? 1),
    step: null,
    gate: null,
    category: 'blocker',
    error: `the handoff from ${from} to ${to} lacks ${missing.join(', ')}`,
    fingerprint: REFUSED,
    unblock: `studio handoff complete ${run.id} --context '{"${missing[0]}": …}', then retry`,
    pattern: null,
    until: null,
    progress: null,
    engine: null,
    provider: null,
  });

/** Before its first attempt, an agent is told what the one before it found out: completely, or not at all. */
export const handOff = (run: Live): EventOf<'handoff.recorded' | 'failure.recorded'> | null => {
  if (isHeldUp(run)) return null;
  const due = dueHandoff(run);
  if (!due) return null;
  const { from, to, context, missing } = due;
  return missing.length > 0 ? refused(run, due) : fact('handoff.recorded', { from, to, context });
};

/** What was completed by hand takes the place of what it completes. */
const completed = (run: Run, handoff: Handoff): readonly Handoff[] => {
  const last = presentHandoffs(run).at(-1);
  const replaces = last?.from === handoff.from && last.to === handoff.to;
  return [...(replaces ? run.handoffs.slice(0, -1) : run.handoffs), handoff];
};

export const handoffEvolvers: Evolvers<'handoff.recorded' | 'handoff.completed'> = {
  'handoff.recorded': (run, { time, data }) => ({ handoffs: [...run.handoffs, { ...data, time }] }),
  'handoff.completed': (run, { time, data }) => ({ handoffs: completed(run, { ...data, time }) }),
};
