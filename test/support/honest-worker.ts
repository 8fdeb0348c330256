import { ProjectMap } from '#contracts';
import { type Command, currentInvocation, isParent, type Live, nextRound, type ReportItem, toMerge } from '#domain';
import {
  accepted,
  agentFailed,
  collected,
  commit,
  done,
  failureOf,
  gateFailed,
  gatePassed,
  gates,
  lost,
  planned,
  planOf,
  prepared,
  stepDone,
  stepStarted,
  stepTried,
} from './facts.ts';
import type { Move } from './moves.ts';

/** What workers of a simulated history tell: honest ones, of the part of the work that is first not done. */

const digitOf = ({ head }: Live): string => String(head.version % 10);

export const mapOf = (tasks: number): ProjectMap =>
  ProjectMap.parse({
    tasks: Array.from({ length: tasks }, (_, index) => ({
      id: `T${index + 1}`,
      title: `do T${index + 1}`,
      depends_on: index % 2 === 1 ? [`T${index}`] : [],
    })),
  });

/** Its third step may not be skipped, its fifth is risky. */
export const planFor = (steps: number) => planOf(steps, { step_3: { critical: true }, step_5: { risky: true } });

const nextOfPlanner = (confidence: number, steps: number): readonly ReportItem[] =>
  confidence >= 60
    ? [planned(planFor(steps), confidence)]
    : [planned(planFor(steps), confidence), agentFailed(failureOf('blocker', { unblock: 'accept the plan' }))];

const nextOfChecks = (run: Live): readonly ReportItem[] => {
  const checks = run.submission.checks.map((_check, n) => `CHECK-${n + 1}`);
  const open = ['AC-1', ...checks].filter((id) => run.criteria.find((known) => known.id === id)?.status !== 'passed');
  if (open.length > 0) return [accepted('passed', ...checks)];
  const gate = run.gates.find(({ status }) => status !== 'passed');
  return gate ? [gatePassed(gate.gate, gate.tries + 1)] : [collected(run.commit), done()];
};

const nextOfBuilder = (run: Live): readonly ReportItem[] => {
  if (!run.workspace) return [prepared];
  if (run.gates.length === 0) return [gates('lint', 'test')];
  const step = run.steps.find(({ status }) => status !== 'completed' && status !== 'skipped');
  if (!step) return nextOfChecks(run);
  const number = step.tries + 1;
  return step.status === 'active'
    ? [stepDone(step.id, commit(digitOf(run)), { number })]
    : [stepStarted(step.id, number)];
};

const nextOfMerge = (run: Live): readonly ReportItem[] => {
  if (!run.workspace) return [prepared];
  const [next] = toMerge(run);
  if (next?.id)
    return [{ fact: 'branch.merged', data: { task: next.task.id, child: next.id, commit: commit(digitOf(run)) } }];
  return run.gates.length === 0 ? [gates('lint', 'test')] : nextOfChecks(run);
};

/** What an honest worker tells next. */
export const nextItems = (run: Live, confidence: number, steps: number): readonly ReportItem[] => {
  const role = currentInvocation(run)?.role;
  if (role === 'architect')
    return run.map ? [done()] : [{ fact: 'map.drawn', data: { map: mapOf(steps), source: 'recipe project' } }];
  if (isParent(run)) return nextOfMerge(run);
  if (!run.plan || !run.planAccepted || run.replan) return nextOfPlanner(confidence, steps);
  return role === 'builder' ? nextOfBuilder(run) : [done({ plan_id: run.plan.plan.id })];
};

type Fail = Extract<Move, { do: 'fail' }>;

const failureIn = (run: Live, { category, error, window, known }: Fail, now: string) =>
  failureOf(category, {
    error,
    fingerprint: error,
    // The work is where it was, as far as anybody can tell.
    progress: run.commit,
    pattern: known ? 'network.unreachable' : null,
    until: window ? new Date(Date.parse(now) + 60_000).toISOString() : null,
  });

export const failedItems = (run: Live, move: Fail, now: string): readonly ReportItem[] => {
  const failure = failureIn(run, move, now);
  const [task] = toMerge(run);
  if (move.at === 'task' && task) return [{ fact: 'agent.failed', failure, task: task.task.id }];
  const step = run.steps.find(({ status }) => status === 'active');
  if (move.at === 'part' && step) return [stepTried(step.id, step.tries + 1, failure)];
  const gate = run.gates.find(({ status }) => status === 'pending');
  if (move.at === 'part' && gate) return [gateFailed(gate.gate, gate.tries + 1, failure)];
  return [agentFailed(failure)];
};

export const lostItems = (run: Live): readonly ReportItem[] => {
  const commits = run.steps.flatMap((step) => step.commit ?? []);
  return [lost(commits.slice(-1), commits.at(-2) ?? null)];
};

/** Questions of the next round; the worker lets go while they are open. */
export const askedItems = (
  run: Live,
  { questions, readiness }: Extract<Move, { do: 'ask' }>,
): readonly ReportItem[] => {
  const round = nextRound(run);
  if (round === null || currentInvocation(run)?.role !== 'planner') return [];
  return [
    {
      fact: 'questions.raised',
      data: {
        round: round.number,
        focus: round.focus,
        readiness,
        questions: Array.from({ length: questions }, (_, n) => ({
          id: `q${round.number}-${n}`,
          question: `what about ${n}?`,
          options: [],
          default: 'nothing',
        })),
      },
    },
    { fact: 'lease.released', data: { reason: 'asked' } },
  ];
};

/** What somebody says who drives the agents of a run from outside. */
export const outsideCommand = ({ what, agent }: Extract<Move, { do: 'outside' }>): Command => {
  switch (what) {
    case 'outside_start':
      return { type: what, agent, input: {} };
    case 'outside_complete':
      return { type: what, agent, output: {} };
    case 'outside_fail':
      return { type: what, agent, error: 'it broke' };
    case 'outside_hand_over':
      return { type: what, from: 'planner', to: agent, context: {} };
    case 'outside_route':
      return { type: what, goal: agent, workflow: agent === 'planner' ? null : 'build_only' };
    case 'outside_end':
      return { type: what };
  }
};
