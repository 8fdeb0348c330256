import type { EventType, Head, Recorded } from '#events';
import { agentEvolvers } from './agents/agents.evolve.ts';
import { checkpointEvolvers } from './checkpoints/checkpoints.ts';
import { childrenEvolvers } from './children/children.evolve.ts';
import { contextEvolvers } from './context/context.evolve.ts';
import type { Change, Evolvers } from './context.ts';
import { changeRun } from './copy.ts';
import { engineEvolvers } from './engines/fail-over.ts';
import { handoffEvolvers } from './handoffs/handoffs.ts';
import { historyEvolvers } from './history/history.evolve.ts';
import { interactionEvolvers } from './interactions/interactions.evolve.ts';
import { lifecycleEvolvers, submitted } from './lifecycle/lifecycle.evolve.ts';
import { moneyEvolvers } from './money/money.evolve.ts';
import { outsideEvolvers } from './outside/outside.evolve.ts';
import { permissionEvolvers } from './permissions/permissions.ts';
import { sessionEvolvers } from './permissions/sessions.ts';
import { recoveryEvolvers } from './recovery/recovery.ts';
import { routingEvolvers } from './routing/route-fact.ts';
import { absent, type Ended, type Outcome, type Run, type State } from './run.ts';
import { stepEvolvers } from './steps/steps.evolve.ts';
import { usedUp, workEvolvers } from './work/work.evolve.ts';

const evolvers: Evolvers<Exclude<EventType, 'goal.submitted'>> = {
  ...lifecycleEvolvers,
  ...routingEvolvers,
  ...agentEvolvers,
  ...stepEvolvers,
  ...permissionEvolvers,
  ...sessionEvolvers,
  ...recoveryEvolvers,
  ...interactionEvolvers,
  ...handoffEvolvers,
  ...checkpointEvolvers,
  ...childrenEvolvers,
  ...historyEvolvers,
  ...contextEvolvers,
  ...moneyEvolvers,
  ...outsideEvolvers,
  ...engineEvolvers,
  ...workEvolvers,
};

const outcomeOf = (event: Recorded): Outcome | null => {
  switch (event.type) {
    case 'orchestration.completed':
      return { kind: 'completed', reason: null, time: event.time };
    case 'orchestration.failed':
      return { kind: 'failed', reason: event.data.reason, time: event.time };
    case 'orchestration.halted':
      return { kind: 'halted', reason: event.data.reason, time: event.time };
    case 'orchestration.aborted':
      return { kind: 'aborted', reason: event.data.reason, time: event.time };
    default:
      return null;
  }
};

/** After it a run lives, whatever it was before. */
const isRevival = ({ type }: Recorded): boolean => type === 'orchestration.resumed' || type === 'orchestration.forked';

const outcomeAfter = (state: Run & Partial<Pick<Ended, 'outcome'>>, event: Recorded): Outcome | null =>
  isRevival(event) ? null : (state.outcome ?? outcomeOf(event));

/** The state after one more fact. Total: any event that follows a stored history is taken in. */
export const evolve = (state: State, event: Recorded): State => {
  if (event.type === 'goal.submitted') return submitted(event);
  if (state.lifecycle === 'absent') return { lifecycle: 'absent', head: { version: event.version, hash: event.hash } };
  // The table has exactly one entry a type, and the entry of an event's own type takes that event.
  const evolver = evolvers[event.type] as (run: Run, recorded: Recorded) => Change;
  const head = { version: event.version, hash: event.hash };
  const outcome = outcomeAfter(state, event);
  const changed = evolver(state, event);
  const change = state.assignments.length === 0 ? changed : { ...changed, ...usedUp(state, event) };
  const updatedAt = event.time;
  // The one copy of the run that an event costs.
  return outcome
    ? changeRun(state, change, { head, updatedAt, lifecycle: 'ended' as const, outcome })
    : changeRun(state, change, { head, updatedAt, lifecycle: 'live' as const });
};

export const fold = (events: Iterable<Recorded>, from: State = absent): State => {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
};

/** A state that was decided, once the log has stored it: under its name, with the head that only the log knows. */
export const asStored = (state: State, id: string, head: Head): State => {
  if (state.lifecycle === 'absent') return { lifecycle: 'absent', head };
  return state.lifecycle === 'ended'
    ? changeRun(state, { id, head }, { lifecycle: 'ended' as const, outcome: state.outcome })
    : changeRun(state, { id, head }, { lifecycle: 'live' as const });
};
