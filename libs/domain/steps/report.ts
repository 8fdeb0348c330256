import { RuleViolation } from '#contracts';
import type { Event } from '#events';
import type { CommandOf, ReportedFailure, ReportItem } from '../command.ts';
import { type Decision, fact } from '../context.ts';
import { currentInvocation, type Invocation, type Live } from '../run.ts';

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

/** Criteria of the plan, and the checks that came with the goal as `CHECK-1`, `CHECK-2`, … */
const mustPass = (run: Live): readonly string[] => [
  ...(run.plan?.plan.acceptance_criteria ?? []).filter(({ priority }) => priority === 'must').map(({ id }) => id),
  ...run.submission.checks.map((_command, index) => `CHECK-${index + 1}`),
];

/** Rule: no agent's word completes anything. All that must hold was checked, and passed. */
const assertVerified = (run: Live, { role }: Invocation): void => {
  const open =
    role === 'planner'
      ? run.plan
        ? []
        : ['no plan was made']
      : [
          ...run.steps.filter(({ status }) => !isDone(status)).map(({ id }) => `${id} is not done`),
          ...run.gates
            .filter(({ status }) => status === 'pending' || status === 'failed')
            .map(({ gate }) => `gate ${gate} did not pass`),
          ...mustPass(run)
            .filter((id) => run.criteria.find((criterion) => criterion.id === id)?.status !== 'passed')
            .map((id) => `${id} did not pass`),
        ];
  if (open.length > 0)
    throw new RuleViolation('agent.unverified', `the ${role} is not done: ${open.join('; ')}`, { open });
};

const failed = (
  { role, attempt }: Invocation,
  at: { step?: string; gate?: Event & { type: 'gate.failed' } },
  failure: ReportedFailure,
) => fact('failure.recorded', { role, attempt, step: at.step ?? null, gate: at.gate?.data.gate ?? null, ...failure });

/** The facts that one line of a report asserts. */
export const factsOf = (
  run: Live,
  current: Invocation,
  item: ReportItem,
  mark: { readonly lease: number; readonly seq: number },
): Decision => {
  switch (item.fact) {
    case 'step.tried':
      stepOf(run, item.data.step);
      return [fact('step.tried', { ...mark, ...item.data }), failed(current, { step: item.data.step }, item.failure)];
    case 'gate.failed': {
      const gate = fact('gate.failed', { ...mark, ...item.data });
      return [gate, failed(current, { gate }, item.failure)];
    }
    case 'agent.failed':
      return [failed(current, {}, item.failure)];
    case 'step.started':
      if (isDone(stepOf(run, item.data.step).status)) return [];
      assertReady(run, item.data.step);
      return [fact(item.fact, { ...mark, ...item.data })];
    case 'step.succeeded': {
      if (isDone(stepOf(run, item.data.step).status)) return [];
      const red = item.data.checks.filter(({ passed }) => !passed);
      if (red.length > 0)
        throw new RuleViolation('step.unverified', `${item.data.step}: ${red.length} of its checks did not pass`);
      return [fact(item.fact, { ...mark, ...item.data })];
    }
    case 'agent.completed':
      assertVerified(run, current);
      return [fact(item.fact, { ...mark, ...item.data })];
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
