import type { Event } from '#events';
import { complete, dispatch } from './agents/agents.decide.ts';
import { saveCheckpoint } from './checkpoints/checkpoints.ts';
import { endAborted, endWithoutMerge } from './children/end-parent.ts';
import { planChildren } from './children/plan-children.ts';
import { skipChild, startChild } from './children/start-child.ts';
import type { Context } from './context.ts';
import { failOver } from './engines/fail-over.ts';
import { handOff } from './handoffs/handoffs.ts';
import { ask, assume } from './interactions/ask.ts';
import { withdrawOpen } from './interactions/closing.ts';
import { isDrivenOutside } from './outside/outside.decide.ts';
import { supersedePermission } from './permissions/permissions.ts';
import { halt, recover } from './recovery/recovery.ts';
import { decideRoute } from './routing/route-fact.ts';
import type { Live, State } from './run.ts';

/** Before a run ends, what is open in it is closed. */
const lastly = (run: Live, end: Event | null): Event | null => end && (withdrawOpen(run)[0] ?? end);

/**
 * The fact that follows from the state by itself, or `null` when someone has to act first.
 * Every decision of Studio is made here and nowhere else, so a stored log can be checked against it: after each fact,
 * the next one is either what this function says or something a person or a worker asserted.
 */
export const follow = (state: State, context: Context): Event | null => {
  if (state.lifecycle !== 'live') return null;
  // Its agents are somebody else's: nothing follows from what they say but the record of it.
  if (isDrivenOutside(state)) return decideRoute(state, context);
  if (state.aborting) return lastly(state, endAborted(state));
  return (
    decideRoute(state, context) ??
    supersedePermission(state) ??
    failOver(state, context) ??
    recover(state, context) ??
    lastly(state, halt(state)) ??
    saveCheckpoint(state, context) ??
    planChildren(state, context) ??
    skipChild(state) ??
    startChild(state, context) ??
    lastly(state, endWithoutMerge(state)) ??
    complete(state) ??
    assume(state) ??
    ask(state, context) ??
    handOff(state) ??
    dispatch(state)
  );
};
