import type { StateDocument, Status, WaitReason } from '#contracts';
import { checkpointDocuments } from './checkpoints/checkpoint-documents.ts';
import { contextBudget, contextUsed } from './context/budget.ts';
import { enginesDocument } from './engines/engines-document.ts';
import { spendDocument } from './money/spend-document.ts';
import { isDrivenOutside } from './outside/outside.decide.ts';
import { outsideAgentStatus, outsideDocument, outsideStatus } from './outside/outside.view.ts';
import { resultOf } from './result.ts';
import { currentInvocation, lastFailure, openInteraction, type Run, type State } from './run.ts';
import { criteriaDocument } from './steps/criteria-document.ts';
import { openAssignment } from './work/find-work.ts';
import { assignmentsOf } from './work/work.view.ts';

export const statusOf = (state: State): Status => {
  if (state.lifecycle === 'absent') return 'initializing';
  if (state.lifecycle === 'ended') return state.outcome.kind === 'completed' ? 'completed' : 'failed';
  if (state.paused) return 'paused';
  if (isDrivenOutside(state)) return outsideStatus(state);
  if (openInteraction(state) || openAssignment(state)) return 'waiting';
  if (!state.routeConfirmed) return 'routing';
  return isRecovering(state) ? 'recovering' : 'executing';
};

/** True while what failed last has neither passed since nor been given up. */
const isRecovering = (run: Run): boolean => {
  const failure = lastFailure(run);
  const failing = [
    ...run.steps.filter(({ id, status }) => id === failure?.step && (status === 'pending' || status === 'active')),
    ...run.gates.filter(({ gate, status }) => gate === failure?.gate && status === 'pending'),
  ];
  return failing.some(({ tries }) => tries > 0);
};

const agentSequence = (run: Run): NonNullable<StateDocument['routing']>['agent_sequence'] =>
  run.invocations.map(({ role, number, status }) => ({
    agent: role,
    order: number,
    status: isDrivenOutside(run) ? outsideAgentStatus(run, role) : status,
  }));

const routing = (run: Run): StateDocument['routing'] => {
  const { route } = run;
  return (
    route && {
      workflow: route.workflow,
      complexity: route.complexity,
      agent_sequence: agentSequence(run),
      confidence: route.confidence,
      signals: route.signals.map(({ word, role, pointsTo }) => ({ word, role, points_to: pointsTo })),
      skills: [...route.skills],
    }
  );
};

const agentStates = (run: Run): StateDocument['agent_states'] =>
  run.invocations
    .filter(({ attempt }) => attempt > 0)
    .map((invocation) => ({
      agent: invocation.role,
      invocation_id: `${run.id}-${invocation.number}`,
      status: run.paused && invocation.status === 'active' ? 'paused' : invocation.status,
      attempt: invocation.attempt,
      started_at: invocation.startedAt,
      completed_at: invocation.completedAt,
      current_step:
        invocation === currentInvocation(run)
          ? (run.steps.find(({ status }) => status === 'active')?.id ?? null)
          : null,
      output: invocation.output,
      error: invocation.error,
      context_used: contextUsed(run, invocation.number),
    }));

const failures = (run: Run): StateDocument['failures'] =>
  run.failures.map(({ time, role, step, category, error, fingerprint, recovery, attempt, engine, provider }) => ({
    time,
    agent: role,
    step,
    category,
    error,
    fingerprint,
    recovery_action: recovery?.action ?? null,
    attempt,
    engine,
    provider,
  }));

const outsideOf = (run: Run): Pick<StateDocument, 'outside'> => {
  const outside = outsideDocument(run);
  return outside ? { outside } : {};
};

const tasks = ({ children }: Run): StateDocument['tasks'] =>
  children.map(({ task, id, merged, ...child }) => ({
    id: task.id,
    goal: task.goal,
    status: child.status,
    orchestration: id,
    try: child.try,
    depends_on: task.depends_on.map((edge) => edge.task),
    outcome: child.outcome,
    reason: child.reason,
    commit: child.commit,
    merged: merged !== null,
  }));

const forkedFrom = ({ forkedFrom: origin }: Run): Pick<StateDocument, 'forked_from'> =>
  origin ? { forked_from: { orchestration: origin.from, version: origin.version } } : {};

/** The document that people and programs read, whose names are a promise. */
export const stateDocument = (
  state: Exclude<State, { lifecycle: 'absent' }>,
  wait: WaitReason | null,
): StateDocument => ({
  id: state.id,
  version: state.head.version,
  mode: state.submission.mode,
  trigger: state.submission.trigger,
  status: statusOf(state),
  goal: state.submission.goal,
  labels: state.submission.labels,
  workspace: state.submission.workspace,
  parent: state.submission.parent,
  created_at: state.createdAt,
  updated_at: state.updatedAt,
  routing: routing(state),
  agent_states: agentStates(state),
  plan: state.plan && { id: state.plan.plan.id, source: state.plan.source, confidence: state.plan.confidence },
  tasks: tasks(state),
  steps: state.steps.map(({ id, name, status, tries, commit, error }) => ({ id, name, status, tries, commit, error })),
  gates: state.gates.map(({ gate, command, status, tries }) => ({ gate, command, status, tries })),
  criteria: criteriaDocument(state),
  handoffs: state.handoffs.map((handoff) => ({ ...handoff, context: { ...handoff.context } })),
  checkpoints: checkpointDocuments(state),
  failures: failures(state),
  interactions: [...state.interactions],
  engines: enginesDocument(state),
  context_budget: contextBudget(state),
  spend: spendDocument(state),
  outcome:
    state.lifecycle === 'ended'
      ? { kind: state.outcome.kind, reason: state.outcome.reason, result: resultOf(state) }
      : null,
  wait,
  ...forkedFrom(state),
  ...outsideOf(state),
  ...assignmentsOf(state),
});
