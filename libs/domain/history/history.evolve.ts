import type { EventOf } from '#events';
import { planGiven } from '../agents/agents.evolve.ts';
import { childrenAgain, withLossesAgain } from '../children/go-back.ts';
import type { Change, Evolvers } from '../context.ts';
import { changeGate, changeInvocation } from '../copy.ts';
import { asIfNothingWereKnown } from '../engines/fail-over.ts';
import { freshBudget } from '../money/budget.ts';
import { forkedSpend } from '../money/spend.ts';
import { noAgentSpoke } from '../permissions/sessions.ts';
import { type Checkpoint, currentInvocation, type Run, type Snapshot, updateCurrent } from '../run.ts';

type Forked = EventOf<'orchestration.forked'>['data'];

/** Whoever had the turn lost it: from here on it is ordered anew, and what was decided before has no weight. */
const orderedAnew = (invocations: Run['invocations'], reason: 'rewound' | 'forked'): Change => ({
  wanted: { reason, hint: null },
  paused: null,
  aborting: null,
  landed: null,
  progress: null,
  // What was said since, or in another run, is not to be gone on with.
  ...noAgentSpoke,
  invocations: updateCurrent(
    { invocations },
    { status: 'pending', dispatch: null, notBefore: null, hint: null, lease: null, leases: 0, error: null },
  ),
});

const pastOf = ({ past, ...run }: Run, version: number, checkpoint: string | null): Run['past'] => ({
  times: past.times + 1,
  checkpoint,
  version,
  failures: run.failures.length,
  interactions: run.interactions.length,
  handoffs: run.handoffs.length,
  commits: [...new Set([...past.commits, run.tip ?? [], run.commit ?? []].flat())],
});

/** Attempts are counted on, so that none of them has the number of one that was before. */
const countedOn = (saved: Snapshot['invocations'], now: Run['invocations']): Run['invocations'] =>
  saved.map((invocation) => {
    const attempt = now.find(({ number }) => number === invocation.number)?.attempt ?? 0;
    return attempt > invocation.attempt ? changeInvocation(invocation, { attempt }) : invocation;
  });

/** Of a run that was done, the last one is looked at again: whoever begins anew lives. */
const withSomeoneLeft = (run: Run): Run['invocations'] =>
  currentInvocation(run)
    ? run.invocations
    : run.invocations.map((invocation, index) =>
        index === run.invocations.length - 1
          ? changeInvocation(invocation, { status: 'pending', completedAt: null, output: null })
          : invocation,
      );

const wentBack = (run: Run, { id, saved }: Checkpoint, version: number): Change => {
  const commit = saved.commit ?? run.workspace?.base ?? null;
  const then = { ...run, ...saved };
  const children = withLossesAgain(then);
  const invocations = children === then.children ? then.invocations : withSomeoneLeft(then);
  const restored: Change & Snapshot = {
    ...saved,
    // Where the work goes on is chosen once: before it was, there was nothing to go back to.
    workspace: saved.workspace ?? run.workspace,
    commit,
    invocations: countedOn(invocations, run.invocations),
    children: childrenAgain(children, run),
    outside: { ...run.outside, agents: saved.outside.agents },
  };
  return {
    ...restored,
    ...asIfNothingWereKnown(run),
    ...orderedAnew(restored.invocations, 'rewound'),
    checkpointDue: null,
    verifiedSinceCheckpoint: 0,
    budget: { ...run.budget, exceeded: null },
    tip: commit,
    past: pastOf(run, version, id),
  };
};

/** What is running belongs to the other run: the fork starts it for itself, on its own branch. */
const ownedBy = <S extends Pick<Run, 'workspace' | 'children'>>(id: string, saved: S): S => ({
  ...saved,
  workspace: saved.workspace && { ...saved.workspace, branch: `studio/${id}` },
  children: saved.children.map((child) =>
    child.status === 'running' ? { ...child, status: 'pending', id: null } : child,
  ),
});

/** What a fork has of the run that it comes from, with something left to go on with. */
const ownBy = (id: string, run: Run): Pick<Run, 'workspace' | 'children'> => {
  const { workspace, children } = ownedBy(id, { workspace: run.workspace, children: run.children });
  return { workspace, children: withLossesAgain({ ...run, children }) };
};

/** Every commit that this state may ever ask for. */
const commitsNamed = ({ workspace, commit, steps, checkpoints, children }: Run): readonly string[] => {
  const named = [
    workspace?.base,
    commit,
    ...steps.map((step) => step.commit),
    ...checkpoints.flatMap((checkpoint) => [checkpoint.commit, ...checkpoint.saved.steps.map((step) => step.commit)]),
    ...[children, ...checkpoints.map(({ saved }) => saved.children)].flatMap((then) =>
      then.flatMap((child) => [child.base, child.commit, child.merged]),
    ),
  ];
  return [...new Set(named.flatMap((name) => name ?? []))];
};

const startOf = ({ commit, workspace }: Run): readonly string[] =>
  commit === null || commit === workspace?.base ? [] : [commit];

const changedSubmission = ({ submission }: Run, changes: Forked['changes']): Run['submission'] => ({
  ...submission,
  // A run of its own: no task of another, and no backlog is told of it.
  parent: null,
  backlog: null,
  engine: changes.engine ?? submission.engine,
  plan: changes.plan ?? submission.plan,
  planSource: changes.plan ? (changes.planSource ?? 'the fork') : submission.planSource,
  answers: { ...submission.answers, ...changes.answers },
  labels: { ...submission.labels, ...changes.labels },
  budgetUsd: changes.budgetUsd ?? submission.budgetUsd,
  budgetTokens: changes.budgetTokens ?? submission.budgetTokens,
});

const changedAnswers = (run: Run, given: Readonly<Record<string, string>> = {}): Run['answers'] => [
  ...run.answers.filter(({ id }) => !(id in given)),
  ...Object.entries(given).map(([id, response]) => ({ id, question: id, response, round: 0, assumed: false })),
];

/** Another plan is done from its first step on, on top of what is there; nothing is known of it yet. */
const changedPlan = (run: Run, { plan, planSource }: Forked['changes']): Change =>
  plan
    ? {
        ...planGiven(plan, planSource ?? 'the fork'),
        criteria: [],
        replan: null,
        raised: null,
        gates: run.gates.map((gate) =>
          gate.status === 'passed' || gate.status === 'failed'
            ? changeGate(gate, { status: 'pending', tries: 0 })
            : gate,
        ),
      }
    : {};

export const historyEvolvers: Evolvers<'orchestration.resumed' | 'orchestration.forked'> = {
  'orchestration.resumed': (run, { version, data }) => {
    const checkpoint = run.checkpoints.find(({ id }) => id === data.checkpoint);
    return checkpoint ? wentBack(run, checkpoint, version) : {};
  },

  'orchestration.forked': (run, { stream, version, time, data: { changes, ...origin } }) => ({
    ...orderedAnew(withSomeoneLeft(run), 'forked'),
    ...asIfNothingWereKnown(run),
    ...changedPlan(run, changes),
    ...ownBy(stream, run),
    id: stream,
    createdAt: time,
    submission: changedSubmission(run, changes),
    answers: changedAnswers(run, changes.answers),
    spend: forkedSpend(run),
    budget: freshBudget,
    checkpoints: run.checkpoints.map((checkpoint) => ({ ...checkpoint, saved: ownedBy(stream, checkpoint.saved) })),
    forkedFrom: { ...origin, commits: commitsNamed(run) },
    tip: run.commit,
    // Its branch begins where it parted: with another plan no step of its own says so.
    past: { ...pastOf(run, version, origin.checkpoint), commits: startOf(run) },
  }),
};
