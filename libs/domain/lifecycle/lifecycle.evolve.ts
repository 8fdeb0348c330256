import type { RecordedOf } from '#events';
import { planGiven } from '../agents/agents.evolve.ts';
import type { Change, Evolvers } from '../context.ts';
import { freshMoney } from '../money/budget.ts';
import { noAgentSpoke } from '../permissions/sessions.ts';
import { currentInvocation, type Live, type Run, updateCurrent } from '../run.ts';

/** What came with the goal: no question was put yet, so it stands for its own. */
const givenAnswers = (answers: Readonly<Record<string, string>>): Run['answers'] =>
  Object.entries(answers).map(([id, response]) => ({ id, question: id, response, round: 0, assumed: false }));

export const submitted = (event: RecordedOf<'goal.submitted'>): Live => ({
  lifecycle: 'live',
  id: event.stream,
  head: { version: event.version, hash: event.hash },
  createdAt: event.time,
  updatedAt: event.time,
  submission: event.data,
  route: null,
  routeConfirmed: false,
  invocations: [],
  wanted: { reason: 'first', hint: null },
  workspace: null,
  commit: null,
  plan: null,
  planAccepted: false,
  steps: [],
  ...(event.data.plan ? planGiven(event.data.plan, event.data.planSource ?? 'the goal') : {}),
  gates: [],
  criteria: [],
  shown: [],
  files: [],
  failures: [],
  handoffs: [],
  checkpoints: [],
  checkpointDue: null,
  verifiedSinceCheckpoint: 0,
  tip: null,
  past: { times: 0, checkpoint: null, version: 0, failures: 0, interactions: 0, handoffs: 0, commits: [] },
  interactions: [],
  raised: null,
  answers: givenAnswers(event.data.answers),
  replans: 0,
  replan: null,
  map: null,
  mapApproved: false,
  children: [],
  childrenAtOnce: 0,
  aborting: null,
  forkedFrom: null,
  engines: { chosen: [], outages: [], failedOver: [] },
  context: { allocated: null, given: [], refused: null, optimised: [] },
  ...freshMoney,
  learnings: [],
  ...noAgentSpoke,
  outside: { agents: [], failures: [], handoffs: [] },
  assignments: [],
  paused: null,
  progress: null,
  retries: 0,
  landed: null,
});

/** Whoever had the turn will not have it again. */
const stopped = (run: Run, error: string | null): Change => ({
  wanted: null,
  paused: null,
  invocations: updateCurrent(run, {
    status: 'failed',
    lease: null,
    error: error ?? currentInvocation(run)?.error ?? null,
  }),
});

export const lifecycleEvolvers: Evolvers<
  | 'orchestration.paused'
  | 'orchestration.continued'
  | 'orchestration.completed'
  | 'orchestration.halted'
  | 'orchestration.failed'
  | 'orchestration.aborted'
  | 'branch.applied'
  | 'branch.discarded'
> = {
  'orchestration.paused': (_run, { actor, time, data }) => ({
    paused: { by: actor, since: time, reason: data.reason },
  }),
  'orchestration.continued': (run) => {
    const current = currentInvocation(run);
    return {
      paused: null,
      // An attempt that was cut short is ordered anew, as it was; one that waits for an answer keeps waiting.
      wanted: current?.status === 'active' ? { reason: 'continued', hint: current.hint } : run.wanted,
    };
  },
  'orchestration.completed': () => ({ wanted: null, paused: null }),
  'orchestration.halted': (run, { data }) => stopped(run, data.reason),
  'orchestration.failed': (run, { data }) => stopped(run, data.reason),
  'orchestration.aborted': (run) => stopped(run, 'aborted'),
  'branch.applied': () => ({ landed: 'applied' }),
  'branch.discarded': () => ({ landed: 'discarded' }),
};
