import type { Interaction } from '#contracts';
import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import { mergeLater, taskOf } from '../children/redo.ts';
import type { Change, Evolvers } from '../context.ts';
import { changeInvocation } from '../copy.ts';
import { asIfNothingWereKnown } from '../engines/fail-over.ts';
import { ABORT, WAIT } from '../money/budget-question.ts';
import { permitsOpened } from '../permissions/permissions.ts';
import {
  currentInvocation,
  type GivenAnswer,
  lastFailure,
  type Run,
  updateCurrent,
  updateLastFailure,
} from '../run.ts';
import { ENOUGH, pendingQuestions } from './rounds.ts';

type Closed = EventOf<'interaction.closed'>['data'];

/** Whoever asked goes on with what it was told. */
const answered = (run: Run): Run['wanted'] => ({ reason: 'answered', hint: currentInvocation(run)?.hint ?? null });

/** A round that is complete has its planner ordered again, unless it still holds its lease and goes on by itself. */
const roundAfter = (run: Run, answers: readonly GivenAnswer[]): Change => {
  if (pendingQuestions({ answers }, run.raised).length > 0) return { answers };
  return { answers, raised: null, wanted: currentInvocation(run)?.lease ? run.wanted : answered(run) };
};

/** What a question came to. One that was withdrawn or superseded without a default came to nothing. */
const questionClosed = (run: Run, question: Interaction, { outcome, answer, assumed }: Closed): Change => {
  const response = answer === ENOUGH && outcome === 'answered' ? question.default : answer;
  const counts = outcome === 'answered' || outcome === 'expired' || assumed;
  if (!counts || response === null || question.about === null) return {};
  return roundAfter(run, [
    ...run.answers,
    {
      id: question.about,
      question: question.prompt,
      response,
      round: question.round ?? 1,
      assumed: assumed || response !== answer,
    },
  ]);
};

/** The architect has its turn again, with what is to be different. */
const redrawn = (run: Run, note: string | null): Change => ({
  map: null,
  wanted: { reason: 'answered', hint: note },
  invocations: run.invocations.map((invocation) =>
    invocation.role === 'architect' ? changeInvocation(invocation, { status: 'pending', lease: null }) : invocation,
  ),
});

/** The planner is not needed after all: the builder has another attempt at the plan that failed. */
const planKept = (run: Run, note: string | null): Change => ({
  replan: null,
  wanted: { reason: 'retry', hint: note },
  invocations: updateCurrent(run, { status: 'skipped', lease: null }),
});

/** Try again, go on with the plan as it is, or with the one before. */
const escalationAnswered = (run: Run, answer: string | null, note: string | null): Change => {
  if (answer === 'k') return planKept(run, note);
  if (answer !== 'r' && answer !== 'y') return {};
  const failure = lastFailure(run);
  const task = failure ? taskOf(run, failure) : null;
  if (task !== null) return mergeLater(run, task, note);
  return {
    ...asIfNothingWereKnown(run),
    planAccepted: run.planAccepted || answer === 'y',
    wanted: currentInvocation(run) ? { reason: 'retry', hint: note } : run.wanted,
  };
};

const decisionAnswered = (run: Run, { kind }: Interaction, { answer, note }: Closed): Change => {
  switch (kind) {
    case 'route':
      return answer === 'y' ? { routeConfirmed: true } : {};
    case 'map':
      return answer === 'y' ? { mapApproved: true } : redrawn(run, note);
    case 'escalation':
      return escalationAnswered(run, answer, note);
    default:
      return {};
  }
};

const budgetAsked = ({ budget }: Run): Run['budget'] => ({
  ...budget,
  exceeded: budget.exceeded && { ...budget.exceeded, asked: true },
});

/** Whoever was held up goes on, and looks again before the next call; a day is waited out first. */
const budgetClosed = (run: Run, { answer }: Closed): Change => {
  const { budget } = run;
  const current = currentInvocation(run);
  const change = { budget: { ...budget, exceeded: null } };
  if (answer === null || answer === ABORT || current?.status !== 'active') return change;
  const until = answer === WAIT ? budget.exceeded?.until : null;
  return { ...change, wanted: { reason: 'continued', hint: current.hint, ...(until ? { notBefore: until } : {}) } };
};

const changeBy = (run: Run, closed: Interaction, data: Closed): Change => {
  if (closed.kind === 'question') return questionClosed(run, closed, data);
  if (closed.kind === 'budget') return budgetClosed(run, data);
  return data.outcome === 'answered' ? decisionAnswered(run, closed, data) : {};
};

export const interactionEvolvers: Evolvers<'interaction.opened' | 'interaction.closed' | 'questions.raised'> = {
  'questions.raised': (run, { data: { lease: _lease, seq, ...raised } }) => {
    // An answer that came with the goal has its question only now.
    const answers = run.answers.map((given) => {
      const asked = given.round === 0 ? raised.questions.find(({ id }) => id === given.id) : undefined;
      return asked ? { ...given, question: asked.question, round: raised.round } : given;
    });
    return {
      invocations: seen(run, seq),
      answers,
      raised: pendingQuestions({ answers }, raised).length > 0 ? raised : null,
    };
  },

  'interaction.opened': (run, { time, data: { interaction: id, ...question } }) => ({
    interactions: [
      ...run.interactions,
      { id, ...question, opened_at: time, outcome: null, answer: null, assumed: false, by: null },
    ],
    permits: permitsOpened(run, { interaction: id, ...question }),
    failures: question.kind === 'escalation' ? updateLastFailure(run, { asked: true }) : run.failures,
    budget: question.kind === 'budget' ? budgetAsked(run) : run.budget,
  }),

  'interaction.closed': (run, { actor, data }) => {
    const { outcome, answer, assumed } = data;
    const interactions = run.interactions.map((interaction) =>
      interaction.id === data.interaction ? { ...interaction, outcome, answer, assumed, by: actor } : interaction,
    );
    const closed = run.interactions.find(({ id }) => id === data.interaction);
    return closed ? { ...changeBy(run, closed, data), interactions } : { interactions };
  },
};
