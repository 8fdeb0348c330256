import type { GateProgress, Invocation, Run, Step } from './run.ts';

/**
 * Copies with something changed. Every field is named, because a spread of what was itself made by a spread has a new
 * hidden class each time in the V8 of Node 20: no copy is like the last one, and each costs microseconds.
 */

const copyRun = (run: Run): Run => ({
  id: run.id,
  head: run.head,
  createdAt: run.createdAt,
  updatedAt: run.updatedAt,
  submission: run.submission,
  route: run.route,
  routeConfirmed: run.routeConfirmed,
  invocations: run.invocations,
  wanted: run.wanted,
  workspace: run.workspace,
  commit: run.commit,
  plan: run.plan,
  planAccepted: run.planAccepted,
  steps: run.steps,
  gates: run.gates,
  criteria: run.criteria,
  shown: run.shown,
  files: run.files,
  failures: run.failures,
  handoffs: run.handoffs,
  checkpoints: run.checkpoints,
  checkpointDue: run.checkpointDue,
  verifiedSinceCheckpoint: run.verifiedSinceCheckpoint,
  tip: run.tip,
  past: run.past,
  interactions: run.interactions,
  raised: run.raised,
  answers: run.answers,
  replans: run.replans,
  replan: run.replan,
  map: run.map,
  mapApproved: run.mapApproved,
  children: run.children,
  childrenAtOnce: run.childrenAtOnce,
  aborting: run.aborting,
  forkedFrom: run.forkedFrom,
  engines: run.engines,
  context: run.context,
  spend: run.spend,
  budget: run.budget,
  learnings: run.learnings,
  permits: run.permits,
  sessions: run.sessions,
  outside: run.outside,
  assignments: run.assignments,
  paused: run.paused,
  progress: run.progress,
  retries: run.retries,
  landed: run.landed,
});

export const changeRun = <C extends object>(run: Run, change: Partial<Run>, mark: C): Run & C =>
  Object.assign(copyRun(run), change, mark);

export const changeInvocation = (invocation: Invocation, change: Partial<Invocation>): Invocation =>
  Object.assign(
    {
      number: invocation.number,
      role: invocation.role,
      status: invocation.status,
      attempt: invocation.attempt,
      dispatch: invocation.dispatch,
      notBefore: invocation.notBefore,
      hint: invocation.hint,
      lease: invocation.lease,
      leases: invocation.leases,
      startedAt: invocation.startedAt,
      completedAt: invocation.completedAt,
      output: invocation.output,
      error: invocation.error,
    },
    change,
  );

export const changeStep = (step: Step, change: Partial<Step>): Step =>
  Object.assign(
    {
      id: step.id,
      name: step.name,
      status: step.status,
      tries: step.tries,
      commit: step.commit,
      error: step.error,
      checks: step.checks,
    },
    change,
  );

export const changeGate = (gate: GateProgress, change: Partial<GateProgress>): GateProgress =>
  Object.assign(
    {
      gate: gate.gate,
      command: gate.command,
      source: gate.source,
      base: gate.base,
      status: gate.status,
      tries: gate.tries,
    },
    change,
  );
