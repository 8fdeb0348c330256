import type { ScriptIo } from '../script-io.ts';
import { banner, type Paint, paintFor } from '../words.ts';
import type { PluginState } from './plugin-state.ts';

const MARKS: Readonly<Record<string, string>> = { completed: '✓', active: '⟳', failed: '✗' };

const mark = (status: string): string => MARKS[status] ?? '○';

/** Those of the route in their order, then the ones that nobody had foreseen. */
const agents = ({ routing, agent_states }: PluginState): readonly string[] => {
  const planned = routing.agent_sequence.map(({ agent, status }) => ({ agent, status }));
  const known = new Set(planned.map(({ agent }) => agent));
  const others = new Map(
    agent_states.filter(({ agent_name }) => !known.has(agent_name)).map((agent) => [agent.agent_name, agent.status]),
  );
  return [...planned, ...[...others].map(([agent, status]) => ({ agent, status }))].map(
    ({ agent, status }) => `  [${mark(status)}] ${agent}`,
  );
};

const listed = (title: string, lines: readonly string[], paint: Paint, colour: 'red' | 'green'): readonly string[] =>
  lines.length === 0 ? [] : ['', paint(colour, `${title}: ${lines.length}`), ...lines.map((line) => `  - ${line}`)];

export const statusReport = (state: PluginState, io: ScriptIo): readonly string[] => {
  const paint = paintFor(io);
  const { routing, failures, checkpoints } = state;
  return [
    ...banner('ORCHESTRATION STATUS', paint),
    `Session:    ${state.id}`,
    `Mode:       ${state.mode}`,
    `Status:     ${paint('bold', state.status)}`,
    `Goal:       ${state.goal}`,
    '',
    `Workflow:   ${routing.selected_workflow ?? 'not routed'}`,
    `Confidence: ${routing.routing_confidence}`,
    '',
    'Agents:',
    ...agents(state),
    ...listed(
      'Failures',
      failures.map(({ agent, error_message }) => `${agent}: ${error_message}`),
      paint,
      'red',
    ),
    ...listed(
      'Checkpoints',
      checkpoints.map(({ name, id }) => `${name} (${id})`),
      paint,
      'green',
    ),
    '',
  ];
};
