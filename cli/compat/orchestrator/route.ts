import type { RouteDocument } from '#contracts';
import { type Command, currentState, printJson, tell } from './desk.ts';
import { type PluginState, pluginState } from './plugin-state.ts';

type Routing = PluginState['routing'];

const routingOf = ({ goal, workflow, agents, confidence }: RouteDocument): Routing => ({
  analyzed_goal: goal,
  selected_workflow: workflow,
  agent_sequence: agents.map((agent, index) => ({ agent, order: index + 1, status: 'pending', reason: null })),
  routing_confidence: confidence,
});

const show = (routing: Routing, desk: Parameters<Command>[1]): number => {
  // Beside a document on standard output, where it would spoil it.
  desk.voice.warn(`Routed to workflow: ${routing.selected_workflow} (confidence: ${routing.routing_confidence})`);
  printJson(desk, routing);
  return 0;
};

/** The route of the session; with another goal, the route of that, which the session then takes. */
export const route: Command = async ([goal], desk) => {
  if (desk.sessions.current() !== null) {
    const state = goal ? pluginState(await tell(desk, { command: 'outside_route', goal })) : await currentState(desk);
    return show(state.routing, desk);
  }
  if (!goal) return desk.voice.fail('No goal provided, and no active session: orchestrator.sh route <goal>');
  return show(routingOf(await (await desk.studio()).route(goal)), desk);
};
