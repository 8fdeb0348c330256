import { type Role, RuleViolation } from '#contracts';
import type { EventOf } from '#events';
import { assertMergeable, mergeProblems } from '../children/end-parent.ts';
import { isParent } from '../children/family.ts';
import type { CommandOf, ReportedFailure, ReportItem } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { dropPermission } from '../permissions/permissions.ts';
import { currentInvocation, type Invocation, type Live, type Run } from '../run.ts';
import { assertNothingOut } from '../work/find-work.ts';

const stepOf = (run: Live, id: string) => {
  const step = run.steps.find((candidate) => candidate.id === id);
  if (!step) throw new RuleViolation('step.unknown', `the plan in force has no step ${id}`, { step: id });
  return step;
};

const isDone = (status: string) => status === 'completed' || status === 'skipped';

/** Rule: a step begins when all it depends on is done. */
const assertReady = (run: Live, id: string): void => {
  const needs = run.plan?.plan.steps.find((step) => step.id === id)?.depends_on ?? [];
  const missing = needs.filter((need) => !isDone(stepOf(run, need).status));
  if (missing.length > 0)
    throw new RuleViolation('step.not_ready', `${id} depends on ${missing.join(', ')}, not done yet`, { step: id });
};

const assertDiscovered = (run: Live, name: string): void => {
  if (run.gates.some(({ gate }) => gate === name)) return;
  throw new RuleViolation('gate.unknown', `no gate ${name} was discovered for ${run.id}`, { gate: name });
};

/** Rule: a step is done when each of its criteria was checked, and passed. */
const assertChecked = (
  run: Live,
  { step, checks }: Pick<EventOf<'step.succeeded'>['data'], 'step' | 'checks'>,
): void => {
  const criteria = run.plan?.plan.steps.find(({ id }) => id === step)?.success_criteria.length ?? 0;
  const red = checks.filter(({ passed }) => !passed).length;
  if (red > 0) throw new RuleViolation('step.unverified', `${step}: ${red} of its checks did not pass`, { step });
  if (checks.length < criteria)
    throw new RuleViolation('step.unverified', `${step}: ${checks.length} of its ${criteria} criteria were checked`, {
      step,
    });
};

/** A run of tasks has no plan of its own: one that came with its goal is that of its task. */
const ownPlan = (run: Run): Pick<Run, 'plan' | 'steps'> => (isParent(run) ? { plan: null, steps: [] } : run);

/** Criteria of the plan, and the checks that came with the goal as `CHECK-1`, `CHECK-2`, … */
const mustPass = (run: Run): readonly string[] => [
  ...(ownPlan(run).plan?.plan.acceptance_criteria ?? [])
    .filter(({ priority }) => priority === 'must')
    .map(({ id }) => id),
  ...run.submission.checks.map((_command, index) => `CHECK-${index + 1}`),
];

const planProblems = (run: Live): readonly string[] => {
  if (!run.plan) return ['there is no plan'];
  return run.planAccepted ? [] : [`the plan scored ${run.plan.confidence} of 100 and nobody accepted it`];
};

const notPassed = (run: Run): readonly string[] => {
  const statuses = new Map(run.criteria.map(({ id, status }) => [id, status]));
  // Of a run that consists of tasks, what each of them had to pass, as it was checked on the merged tree.
  const ofTasks = isParent(run) ? run.criteria.filter(({ priority }) => priority === 'must').map(({ id }) => id) : [];
  return [...new Set([...mustPass(run), ...ofTasks])].filter((id) => statuses.get(id) !== 'passed');
};

const buildProblems = (run: Live): readonly string[] => [
  ...(isParent(run) ? mergeProblems(run) : planProblems(run)),
  ...ownPlan(run)
    .steps.filter(({ status }) => !isDone(status))
    .map(({ id }) => `${id} is not done`),
  ...run.gates
    .filter(({ status }) => status === 'pending' || status === 'failed')
    .map(({ gate }) => `gate ${gate} did not pass`),
  ...notPassed(run).map((id) => `${id} did not pass`),
];

const problemsOf = (run: Live, role: Role): readonly string[] => {
  switch (role) {
    case 'architect':
      return run.map ? [] : ['there is no map'];
    case 'planner':
      return planProblems(run);
    case 'builder':
      return buildProblems(run);
  }
};

/** Rule: no agent's word completes anything. All that must hold was checked, and passed. */
const assertVerified = (run: Live, { role }: Invocation): void => {
  const open = problemsOf(run, role);
  if (open.length > 0)
    throw new RuleViolation('agent.unverified', `the ${role} is not done: ${open.join('; ')}`, { open });
};

/** A step that is done stays as it is, whatever is told of it again. */
const isAlreadySo = (run: Live, item: ReportItem): boolean => {
  switch (item.fact) {
    case 'step.started':
    case 'step.tried':
    case 'step.succeeded':
      return isDone(stepOf(run, item.data.step).status);
    default:
      return false;
  }
};

/** @throws {RuleViolation} what is told cannot be, or is more than was verified */
const assertAllowed = (run: Live, current: Invocation, item: ReportItem): void => {
  switch (item.fact) {
    case 'step.started':
      assertReady(run, item.data.step);
      break;
    case 'step.succeeded':
      assertReady(run, item.data.step);
      assertChecked(run, item.data);
      break;
    case 'gate.passed':
    case 'gate.failed':
    case 'gate.waived':
      assertDiscovered(run, item.data.gate);
      break;
    case 'branch.merged':
      assertMergeable(run, item.data);
      break;
    case 'work.handed_out':
      assertNothingOut(run, item.data.work);
      break;
    case 'agent.completed':
      assertVerified(run, current);
      break;
    default:
  }
};

interface Mark {
  readonly lease: number;
  readonly seq: number;
}

const failed = (
  mark: Mark,
  { role, attempt }: Invocation,
  { step, gate }: Pick<EventOf<'failure.recorded'>['data'], 'step' | 'gate'>,
  failure: ReportedFailure,
) =>
  fact('failure.recorded', {
    ...mark,
    role,
    attempt,
    step,
    gate,
    ...failure,
    pattern: failure.pattern ?? null,
    until: failure.until ?? null,
    progress: failure.progress ?? null,
    engine: failure.engine ?? null,
    provider: failure.provider ?? null,
  });

/** The facts that one line of a report asserts. */
export const factsOf = (run: Live, current: Invocation, item: ReportItem, mark: Mark): Decision => {
  if (isAlreadySo(run, item)) return [];
  assertAllowed(run, current, item);
  switch (item.fact) {
    case 'step.tried':
      return [
        fact('step.tried', { ...mark, ...item.data }),
        failed(mark, current, { step: item.data.step, gate: null }, item.failure),
      ];
    case 'gate.failed':
      return [
        fact('gate.failed', { ...mark, ...item.data }),
        failed(mark, current, { step: null, gate: item.data.gate }, item.failure),
      ];
    case 'permission.dropped':
      return dropPermission(run, item.interaction);
    case 'agent.failed':
      return [failed(mark, current, { step: item.task ?? null, gate: null }, item.failure)];
    default:
      // Each remaining kind carries exactly its event's data; TypeScript does not relate the two unions member by member.
      return [fact(item.fact, { ...mark, ...item.data } as never)];
  }
};

/** Another lease than the current one, or a report seen before, changes nothing. */
export const isCurrentReport = (run: Live, { lease, seq }: CommandOf<'report'>): boolean => {
  const current = currentInvocation(run)?.lease;
  return current?.number === lease && seq > current.seq;
};
