import type { StateDocument } from '#contracts';

/** The session document with the names of the plugin: what `state` prints, and what lies in `state.json`. */
export interface PluginState {
  readonly id: string;
  /** Of the log: a projection that is older never replaces a newer one. */
  readonly version: number;
  readonly mode: string;
  readonly trigger: string;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly goal: string;
  readonly routing: {
    readonly analyzed_goal: string | null;
    readonly selected_workflow: string | null;
    readonly agent_sequence: readonly AgentPlace[];
    readonly routing_confidence: number;
  };
  readonly context_budget: {
    readonly total_allocated: number;
    readonly pools: Readonly<Record<string, unknown>>;
    readonly pressure_level: string;
    readonly optimization_triggered: boolean;
  };
  readonly agent_states: readonly AgentState[];
  readonly handoffs: readonly Handoff[];
  readonly checkpoints: readonly Checkpoint[];
  readonly failures: readonly Failure[];
  readonly outcome: { readonly kind: string; readonly reason: string | null } | null;
}

interface AgentPlace {
  readonly agent: string;
  readonly order: number;
  readonly status: string;
  readonly reason: string | null;
}

interface AgentState {
  readonly agent_name: string;
  readonly invocation_id: string;
  readonly status: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly context_used: number;
  readonly error: string | null;
}

interface Handoff {
  readonly from_agent: string;
  readonly to_agent: string;
  readonly timestamp: string;
  readonly context_passed: Readonly<Record<string, unknown>>;
  readonly reason: 'workflow_sequence' | 'replan';
}

interface Checkpoint {
  readonly id: string;
  readonly name: string;
  readonly timestamp: string;
  readonly after_agent: string;
  readonly can_resume_from: boolean;
}

interface Failure {
  readonly timestamp: string;
  readonly agent: string;
  readonly error_type: string;
  readonly error_message: string;
  readonly recovery_action: string | null;
  readonly recovery_successful: boolean | null;
  readonly retry_count: number;
}

const TOTAL_TOKENS = 150_000;

const numberIn = (document: Readonly<Record<string, unknown>> | null, field: string): number => {
  const value = document?.[field];
  return typeof value === 'number' ? value : 0;
};

/** `planner_1770042652`: which agent, and the second in which it started. */
const invocationId = (agent: string, startedAt: string): string =>
  `${agent}_${Math.floor(Date.parse(startedAt) / 1_000)}`;

const agentStates = ({ outside, agent_states }: StateDocument): readonly AgentState[] =>
  outside
    ? outside.agents.map(({ agent, started_at, ...rest }) => ({
        agent_name: agent,
        invocation_id: invocationId(agent, started_at),
        status: rest.status,
        started_at,
        completed_at: rest.completed_at,
        input: rest.input,
        output: rest.output,
        context_used: numberIn(rest.output, 'context_used'),
        error: rest.error,
      }))
    : agent_states.map(({ agent, invocation_id, status, started_at, completed_at, output, context_used, error }) => ({
        agent_name: agent,
        invocation_id,
        status,
        started_at,
        completed_at,
        input: {},
        output,
        context_used,
        error,
      }));

/** Back to the planner is a plan that did not work; any other way is the way of the workflow. */
const handoffReason = (from: string, to: string): Handoff['reason'] =>
  from === 'builder' && to === 'planner' ? 'replan' : 'workflow_sequence';

const handoffs = ({ outside, handoffs: own }: StateDocument): readonly Handoff[] =>
  (outside?.handoffs ?? own).map(({ from, to, time, context }) => ({
    from_agent: from,
    to_agent: to,
    timestamp: time,
    context_passed: context,
    reason: handoffReason(from, to),
  }));

/** Of the agents that somebody else drives it is known when each was done. */
const lastCompleted = ({ outside }: StateDocument, until: string): string | null =>
  outside?.agents.findLast(
    ({ status, completed_at }) => status === 'completed' && completed_at !== null && completed_at <= until,
  )?.agent ?? null;

const checkpoints = (document: StateDocument): readonly Checkpoint[] =>
  document.checkpoints.map(({ id, name, time, after_agent }) => ({
    id,
    name,
    timestamp: time,
    after_agent: after_agent ?? lastCompleted(document, time) ?? 'none',
    can_resume_from: true,
  }));

const told = ({ outside, failures: own }: StateDocument) =>
  outside
    ? outside.failures.map((failure) => ({ ...failure, type: 'recoverable' }))
    : own.map((failure) => ({ ...failure, type: failure.category }));

const failures = (document: StateDocument): readonly Failure[] => {
  const all = told(document);
  const states = agentStates(document);
  return all.map(({ time, agent, type, error, recovery_action }, index) => ({
    timestamp: time,
    agent,
    error_type: type,
    error_message: error,
    recovery_action,
    // Known to have helped once the agent is done; that it did not, only the next failure says.
    recovery_successful: states.some(
      ({ agent_name, completed_at, status }) =>
        agent_name === agent && status === 'completed' && completed_at !== null && completed_at >= time,
    )
      ? true
      : null,
    retry_count: all.slice(0, index).filter((earlier) => earlier.agent === agent).length,
  }));
};

const routing = ({ routing: decided, goal, outside }: StateDocument): PluginState['routing'] => ({
  analyzed_goal: decided && (outside?.routed_goal ?? goal),
  selected_workflow: decided?.workflow ?? null,
  agent_sequence:
    decided?.agent_sequence.map(({ agent, order, status }) => ({ agent, order, status, reason: null })) ?? [],
  routing_confidence: decided?.confidence ?? 0,
});

/** What outside agents are given nobody tells; for Studio's own, the pools as the newest call filled them. */
const budget = ({ context_budget: known }: StateDocument): PluginState['context_budget'] => ({
  total_allocated: known?.total_allocated ?? TOTAL_TOKENS,
  pools: Object.fromEntries(known?.pools.map(({ pool, ...state }) => [pool, state]) ?? []),
  pressure_level: known?.pressure_level ?? 'normal',
  optimization_triggered: known?.optimization_triggered ?? false,
});

export const pluginState = (document: StateDocument): PluginState => ({
  id: document.id,
  version: document.version,
  mode: document.mode,
  trigger: document.trigger,
  status: document.status,
  created_at: document.created_at,
  updated_at: document.updated_at,
  goal: document.goal,
  routing: routing(document),
  context_budget: budget(document),
  agent_states: agentStates(document),
  handoffs: handoffs(document),
  checkpoints: checkpoints(document),
  failures: failures(document),
  outcome: document.outcome && { kind: document.outcome.kind, reason: document.outcome.reason },
});
