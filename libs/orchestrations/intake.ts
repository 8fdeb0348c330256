import { createHash } from 'node:crypto';
import {
  AgentPresetName,
  Goal,
  namedEngines,
  type Plan,
  type SubmitAnswer,
  type TaskInput,
  type Trigger,
} from '#contracts';
import { dependencyProblems, validatePlan } from '#domain';
import type { EventLog, EventOf, Policy, Rejection } from '#events';
import { didYouMean } from '#runtime';
import { mapOfSpecification } from '#specification';
import type { Claims } from './claims.ts';
import { newOrchestrationId, orchestrationIdFor } from './ids.ts';
import type { Orchestrations } from './orchestrations.ts';
import type { Policies } from './policies.ts';
import { problemsOf } from './problems.ts';
import { withOneName, workspaceProblems } from './workspace.ts';

/** Where a goal comes from. */
export interface Origin {
  readonly trigger: Trigger;
  readonly actor: string;
  /** For the trace of a refusal: `queue goals job 17`. */
  readonly source: string;
  /** Stands for an idempotency key where the goal has none: the same source and moment is the same goal. */
  readonly once?: { readonly source: string; readonly at: Date };
  /** Where the plan of the goal was found. */
  readonly planSource?: string;
}

/** The one way in. CLI, SDK and gateway call it; the queue `goals` is its adapter for every other producer. */
export type Intake = (input: unknown, origin: Origin) => Promise<SubmitAnswer>;

export interface IntakeOptions {
  readonly orchestrations: Orchestrations;
  readonly log: Pick<EventLog, 'reject'>;
  readonly claims: Claims;
  readonly policies: Policies;
  readonly now: () => Date;
  /** @throws {SystemFull} when nothing more can be taken in */
  readonly guard: () => Promise<void>;
  /** Which of these engines no worker has; `null` when all are known, or nobody can know. Without it any name is taken. */
  readonly unknownEngines?: (named: readonly string[]) => Promise<UnknownEngines | null>;
}

interface UnknownEngines {
  readonly unknown: readonly string[];
  readonly known: readonly string[];
}

type Submission = EventOf<'goal.submitted'>['data'];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Key order does not make another payload. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? 'undefined';

const taskProblems = (tasks: Submission['tasks']): readonly string[] => {
  const ids = tasks.map(({ id }) => id);
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  const edges = tasks.map(({ id, depends_on }) => ({ id, depends_on: depends_on.map(({ task }) => task) }));
  return [
    ...[...repeated].map((id) => `tasks: ${id} is used more than once`),
    ...dependencyProblems(edges).map((problem) => `tasks: ${problem}`),
    ...tasks.flatMap(({ id, plan }) =>
      plan ? validatePlan(plan).map((problem) => `tasks: the plan of ${id}: ${problem}`) : [],
    ),
  ];
};

const specificationProblems = async (goal: Goal): Promise<readonly string[]> => {
  if (goal.specification === undefined || workflowFor(goal) !== 'decompose_first') return [];
  const { problems } = await mapOfSpecification(goal.specification);
  return problems.map((problem) => `specification: ${problem}`);
};

const furtherProblems = async (goal: Goal): Promise<readonly string[]> => [
  ...workspaceProblems(goal),
  ...planProblems(goal),
  ...(await specificationProblems(goal)),
];

const planProblems = ({ plan, tasks = [] }: Goal): readonly string[] => [
  ...(plan ? validatePlan(plan).map((problem) => `plan: ${problem}`) : []),
  ...(plan && tasks.length > 0 ? ['plan: a goal with tasks has a plan for each task, or none'] : []),
  ...taskProblems(tasksOf(tasks)),
];

const enginesOfPlan = (plan: Plan | undefined): readonly string[] =>
  plan ? [plan.engine, ...plan.steps.map(({ engine }) => engine)].flatMap(namedEngines) : [];

/** Every engine that a goal names, itself or in a plan that comes with it. */
const enginesOf = ({ engine, plan, tasks = [] }: Goal): readonly string[] => {
  const planned = [plan, ...tasks.map((task) => (typeof task === 'string' ? undefined : task.plan))];
  return [...new Set([...namedEngines(engine), ...planned.flatMap(enginesOfPlan)])];
};

/** What is wrong with each of them, and what to do. */
export const unknownEngineProblems = ({ unknown, known }: UnknownEngines): readonly string[] =>
  unknown.map((name) => engineProblem(name, known));

/** What makes each of them: an agent on the PATH, variables, or the configuration. */
const howToHave = (name: string, known: readonly string[]): string => {
  if (AgentPresetName.safeParse(name).success)
    return `where workers start, have it on the PATH and allow it: studio engines --allow ${name}`;
  if (name === 'model')
    return 'where workers start, set ANTHROPIC_MODEL and ANTHROPIC_API_KEY, or OPENAI_MODEL and OPENAI_API_KEY';
  const meant = didYouMean(name, known);
  return `${meant ? `did you mean ${meant}? Otherwise ` : ''}name one of those, or configure it under engines in .studio/config.yaml where workers start`;
};

const engineProblem = (name: string, known: readonly string[]): string =>
  `engine: no worker has ${name} (there are ${known.join(', ')}); ${howToHave(name, known)}`;

/** A goal as anybody sends it, with every problem that can be known without looking elsewhere. */
export const parseGoal = async (
  input: unknown,
): Promise<{ readonly goal: Goal } | { readonly problems: readonly string[] }> => {
  const parsed = Goal.safeParse(input);
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const problems = await furtherProblems(parsed.data);
  return problems.length > 0 ? { problems } : { goal: withOneName(parsed.data) };
};

/** Tasks as a run records them: each with an id, and its edges with their policy. */
const tasksOf = (tasks: readonly TaskInput[]): Submission['tasks'] =>
  tasks.map((task, index) => {
    const given = typeof task === 'string' ? { goal: task } : task;
    return {
      id: given.id ?? `T${index + 1}`,
      goal: given.goal,
      depends_on: (given.depends_on ?? []).map((edge) =>
        typeof edge === 'string' ? { task: edge, policy: 'all' as const } : edge,
      ),
      files: given.files ?? [],
      ...(given.checks && { checks: given.checks }),
      plan: given.plan ?? null,
    };
  });

/** A specification is cut into tasks, unless they are there already. */
const workflowFor = ({ workflow, specification, tasks = [] }: Goal): Submission['workflow'] =>
  workflow ?? (specification !== undefined && tasks.length === 0 ? 'decompose_first' : null);

/** What is to be done, where a goal leaves it open too. */
const workOf = (
  goal: Goal,
): Pick<
  Submission,
  'goal' | 'workspace' | 'includeDirty' | 'workflow' | 'tasks' | 'sequential' | 'specification' | 'backlog' | 'checks'
> => ({
  goal: goal.goal,
  workspace: goal.workspace ?? null,
  includeDirty: goal.include_dirty ?? false,
  workflow: workflowFor(goal),
  tasks: tasksOf(goal.tasks ?? []),
  sequential: goal.sequential ?? false,
  specification: goal.specification ?? null,
  backlog: goal.backlog ?? null,
  checks: goal.checks ?? [],
});

const budgetsOf = (goal: Goal): Pick<Submission, 'budgetUsd' | 'budgetTokens'> => ({
  budgetUsd: goal.budget_usd ?? null,
  budgetTokens: goal.budget_tokens ?? null,
});

/** A goal as a run records it: what was left out has its default. */
export const submissionOf = (
  goal: Goal,
  origin: Pick<Origin, 'trigger' | 'planSource'>,
  policy: Policy,
): Submission => ({
  ...workOf(goal),
  mode: goal.mode ?? 'implicit',
  confirm: goal.confirm ?? true,
  trigger: origin.trigger,
  plan: goal.plan ?? null,
  planSource: goal.plan ? (origin.planSource ?? `plan ${goal.plan.id}`) : null,
  engine: goal.engine ?? null,
  priority: goal.priority ?? 3,
  labels: goal.labels ?? {},
  answers: goal.answers ?? {},
  attended: goal.attended ?? false,
  ...budgetsOf(goal),
  driver: goal.driver ?? 'studio',
  parent: null,
  bases: [],
  policy,
});

/**
 * Takes goals in. The answer is honest: `created`, `duplicate` of an id (same key, same payload), `conflict` (same key,
 * other payload) or `rejected` with every problem; a rejection leaves a trace in the log.
 */
export const createIntake = (options: IntakeOptions): Intake => {
  const { orchestrations, log, claims, policies, now, guard, unknownEngines = async () => null } = options;
  const refuse = async (input: unknown, problems: readonly string[], { source }: Origin): Promise<SubmitAnswer> => {
    const rejection: Rejection = {
      time: now().toISOString(),
      source,
      digest: sha256(canonical(input)),
      problems: problems.slice(0, 50).map((problem) => problem.slice(0, 500)),
    };
    await log.reject(rejection);
    return { outcome: 'rejected', problems: [...problems] };
  };

  const claimId = async (goal: Goal, payload: string, { once }: Origin): Promise<{ id: string; payload: string }> => {
    if (goal.key !== undefined) return await claims.claim(goal.key, { id: newOrchestrationId(now()), payload });
    return { id: once ? orchestrationIdFor(once.source, once.at) : newOrchestrationId(now()), payload };
  };

  return async (input, origin) => {
    const parsed = await parseGoal(input);
    if ('problems' in parsed) return await refuse(input, parsed.problems, origin);
    const { goal } = parsed;
    await guard();
    const named = enginesOf(goal);
    // What was taken in once is answered as it was, whatever engines there are now.
    const isTaken = named.length > 0 && goal.key !== undefined && (await claims.isClaimed(goal.key));
    const engines = isTaken ? null : await unknownEngines(named);
    if (engines) return await refuse(input, unknownEngineProblems(engines), origin);

    const payload = sha256(canonical({ ...goal, key: undefined }));
    const { id, payload: claimed } = await claimId(goal, payload, origin);
    if (claimed !== payload)
      return {
        outcome: 'conflict',
        id,
        problems: [`key "${goal.key}" belongs to ${id}, which was given another goal; use a new key`],
      };
    const submission = submissionOf(goal, origin, policies.current);
    const by = { actor: origin.actor };
    const { events } = await orchestrations.execute(id, { type: 'submit', submission }, by);
    return { outcome: events.length > 0 ? 'created' : 'duplicate', id };
  };
};
