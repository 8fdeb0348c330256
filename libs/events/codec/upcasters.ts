import type { RawEvent, Upcasters } from './codec.ts';

/** Older versions of published events, and how they are read today. Each is one step; the codec chains them. */

const add =
  (v: number, fields: Readonly<Record<string, unknown>>) =>
  ({ type, data }: RawEvent): RawEvent => ({ type, v, data: { ...data, ...fields } });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Numbers under which a run of that time decides as it did then: no replan, no loop, no deadline, no children. */
const WITHOUT_PEOPLE_OR_PLANS = {
  replans: 0,
  repeats: 0,
  questionRounds: 0,
  readiness: 0,
  questionMs: 0,
  decisionMs: 0,
  childrenAtOnce: 0,
};

const taskOf = (goal: unknown, index: number) => ({
  id: `T${index + 1}`,
  goal,
  depends_on: [],
  files: [],
  plan: null,
});

const submitted = ({ type, data }: RawEvent): RawEvent => ({
  type,
  v: 2,
  data: {
    ...data,
    tasks: Array.isArray(data.tasks) ? data.tasks.map(taskOf) : data.tasks,
    sequential: false,
    specification: null,
    answers: {},
    attended: false,
    budgetUsd: null,
    backlog: null,
    driver: 'studio',
    parent: null,
    bases: [],
    policy: isRecord(data.policy) ? { ...data.policy, ...WITHOUT_PEOPLE_OR_PLANS } : data.policy,
  },
});

const NOTHING_SPENT = { usd: 0, inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

export const upcasters: Upcasters = {
  'goal.submitted@1': submitted,
  'goal.submitted@2': add(3, { budgetTokens: null }),
  // Plans name no engine before these.
  'plan.created@1': add(2, {}),
  'map.drawn@1': add(2, {}),
  'children.planned@1': add(2, {}),
  'orchestration.forked@1': add(2, {}),
  // Checks in a browser name no command that serves the page before these.
  'goal.submitted@3': add(4, {}),
  'plan.created@2': add(3, {}),
  'map.drawn@2': add(3, {}),
  'children.planned@2': add(3, {}),
  'orchestration.forked@2': add(3, {}),
  'agent.dispatched@1': add(2, {}),
  'lease.released@1': add(2, {}),
  'lease.released@2': add(3, {}),
  'child.ended@1': add(2, { spent: NOTHING_SPENT }),
  'interaction.opened@1': add(2, { default: null, round: null, focus: null, about: null }),
  'interaction.opened@2': add(3, {}),
  'interaction.closed@1': add(2, { assumed: false }),
  'failure.recorded@1': add(2, { pattern: null, until: null, progress: null }),
  'failure.recorded@2': add(3, { engine: null, provider: null }),
  'recovery.decided@1': add(2, { counted: true }),
};
