import { Workflow } from '#contracts';
import type { EventOf } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import { type Evolvers, fact } from '../context.ts';
import { verdict } from '../plan/score.ts';
import { isRunnable } from '../routing/route-fact.ts';
import {
  currentInvocation,
  type Failure,
  type Live,
  lastFailure,
  openInteraction,
  type Run,
  updateLastFailure,
} from '../run.ts';

type Opened = EventOf<'interaction.opened'>['data'];
type Option = Opened['options'][number];

/** Asked once: what follows from any answer, or from its withdrawal, is in the same append. */
const routeQuestion = (run: Run): Pick<Opened, 'kind' | 'prompt' | 'options'> | null => {
  if (!run.route || run.routeConfirmed || run.interactions.some(({ kind }) => kind === 'route')) return null;
  const { workflow, complexity, agents, confidence } = run.route;
  const others = Workflow.options
    .filter((other) => other !== workflow && isRunnable(run, other))
    .map((other): Option => ({ key: other, label: `run it as ${other}` }));
  const decided = `${workflow} (${agents.join(' → ')}), complexity ${complexity}, confidence ${Math.round(confidence * 100)} %`;
  const no: Option = { key: 'n', label: 'do not run it' };
  if (!isRunnable(run, workflow))
    return {
      kind: 'route',
      prompt: `This goal was routed to ${decided}. No installed service runs ${workflow}: choose another workflow.`,
      options: [...others, no],
    };
  return {
    kind: 'route',
    prompt: `Route: ${decided}. Proceed?`,
    options: [{ key: 'y', label: 'proceed' }, ...others, no],
  };
};

const isCritical = (run: Run, step: string | null): boolean =>
  run.plan?.plan.steps.find(({ id }) => id === step)?.critical === true;

/** Retry is always offered; the plan as it is, where only its score stopped it; skip, for steps that are not critical. */
const escalationOptions = (run: Run, failure: Failure): readonly Option[] => {
  const acceptable = run.plan !== null && !run.planAccepted && verdict(run.plan.confidence) === 'ask';
  const skippable = failure.step !== null && !isCritical(run, failure.step);
  return [
    ...(acceptable ? [{ key: 'y', label: 'go on with this plan' }] : []),
    { key: 'r', label: 'retry; say what to do differently' },
    ...(skippable ? [{ key: 's', label: `skip ${failure.step}, which is not critical` }] : []),
    { key: 'a', label: 'abort; the branch is kept, the plan is shown' },
  ];
};

const escalation = (run: Run): Pick<Opened, 'kind' | 'prompt' | 'options'> | null => {
  const failure = lastFailure(run);
  if (failure?.recovery?.action !== 'escalate' || failure.asked) return null;
  const where = failure.step ?? failure.gate ?? failure.role;
  const blocked = failure.category === 'blocker';
  const lines = [
    blocked
      ? `The ${failure.role} cannot go on (${where}).`
      : `The ${failure.role} failed at ${where}: ${failure.recovery.reason}.`,
    `Last error: ${failure.error}`,
    ...(failure.unblock ? [`What would unblock it: ${failure.unblock}`] : []),
  ];
  return { kind: 'escalation', prompt: lines.join('\n'), options: [...escalationOptions(run, failure)] };
};

/** Asks a person, when nobody else can decide. One question at a time. */
export const ask = (run: Live): EventOf<'interaction.opened'> | null => {
  if (openInteraction(run)) return null;
  const question = routeQuestion(run) ?? escalation(run);
  return (
    question &&
    fact('interaction.opened', {
      interaction: `int_${run.interactions.length + 1}`,
      ...question,
      deadline: null,
      default: null,
      round: null,
      focus: null,
      about: null,
    })
  );
};

/** What an answer means for the run, beyond that it was given. */
const consequence = (run: Run, kind: Opened['kind'], answer: string | null, note: string | null): Partial<Run> => {
  if (kind === 'route') return answer === 'y' ? { routeConfirmed: true } : {};
  if (answer !== 'r' && answer !== 'y') return {};
  return {
    planAccepted: run.planAccepted || answer === 'y',
    wanted: currentInvocation(run) ? { reason: 'retry', hint: note } : run.wanted,
  };
};

export const interactionEvolvers: Evolvers<'interaction.opened' | 'interaction.closed' | 'questions.raised'> = {
  'questions.raised': (run, { data: { lease: _lease, seq, ...raised } }) => ({
    invocations: seen(run, seq),
    raised,
  }),

  'interaction.opened': (run, { time, data: { interaction: id, ...question } }) => ({
    interactions: [
      ...run.interactions,
      { id, ...question, opened_at: time, outcome: null, answer: null, assumed: false, by: null },
    ],
    failures: question.kind === 'escalation' ? updateLastFailure(run, { asked: true }) : run.failures,
  }),

  'interaction.closed': (run, { actor, data }) => {
    const kind = run.interactions.find(({ id }) => id === data.interaction)?.kind ?? 'escalation';
    return {
      ...(data.outcome === 'answered' ? consequence(run, kind, data.answer, data.note) : {}),
      interactions: run.interactions.map((interaction) =>
        interaction.id === data.interaction
          ? { ...interaction, outcome: data.outcome, answer: data.answer, assumed: data.assumed, by: actor }
          : interaction,
      ),
    };
  },
};
