import { type Interaction, RuleViolation, Workflow } from '#contracts';
import { requestAbort } from '../children/end-parent.ts';
import { isTask } from '../children/family.ts';
import type { CommandOf } from '../command.ts';
import { type Context, type Decision, fact } from '../context.ts';
import { ABORT, amountIn, WAIT } from '../money/budget-question.ts';
import { raiseTo } from '../money/money.decide.ts';
import { override } from '../routing/route-fact.ts';
import { type Live, lastFailure, openInteractions, type Run } from '../run.ts';
import { close, withdrawOpen } from './closing.ts';

const SPELLINGS: Readonly<Record<string, string>> = {
  yes: 'y',
  no: 'n',
  retry: 'r',
  redraw: 'r',
  skip: 's',
  abort: 'a',
};

const readKey = (answer: string): string => {
  const key = answer.trim().toLowerCase();
  return SPELLINGS[key] ?? key;
};

/** A decision has keys, a budget amounts too; a question of the planner takes any text, as it was written. */
const readAs = (kind: Interaction['kind'], answer: string): string => {
  if (kind === 'question') return answer.trim();
  if (kind === 'budget') return amountIn(answer) ?? readKey(answer);
  return readKey(answer);
};

/** True when this is a repetition: that question got exactly this answer before. */
export const wasGiven = (run: Run, { interaction, answer }: CommandOf<'answer'>): boolean =>
  run.interactions.some(({ id, kind, answer: known }) => id === interaction && known === readAs(kind, answer));

const listed = (open: readonly Interaction[]): string =>
  open.map(({ id, prompt }) => `${id} (${prompt.split('\n', 1)[0]})`).join(', ');

const onlyOne = (run: Live, open: readonly Interaction[]): Interaction => {
  const [first, ...others] = open;
  if (!first) throw new RuleViolation('interaction.unknown', `nothing is asked by ${run.id} now`);
  if (others.length > 0)
    throw new RuleViolation('interaction.ambiguous', `${run.id} asks more than one thing, say which: ${listed(open)}`, {
      open: open.map(({ id }) => id),
    });
  return first;
};

const named = (run: Live, id: string): Interaction => {
  const found = run.interactions.find((interaction) => interaction.id === id);
  if (found) return found;
  throw new RuleViolation('interaction.unknown', `${run.id} has no interaction ${id}`);
};

const answerRoute = (question: Interaction, answer: string, note: string | null, context: Context): Decision => {
  if (answer === 'n')
    return [
      close(question, 'declined', { answer, note }),
      fact('orchestration.aborted', { reason: 'the route was declined' }),
    ];
  const workflow = Workflow.safeParse(answer);
  return [
    close(question, 'answered', { answer, note }),
    ...(workflow.success ? [override(workflow.data, context)] : []),
  ];
};

const answerMap = (question: Interaction, answer: string, note: string | null): Decision =>
  answer === 'n'
    ? [close(question, 'declined', { answer, note }), fact('orchestration.aborted', { reason: 'the map was declined' })]
    : [close(question, 'answered', { answer, note })];

const answerEscalation = (run: Live, question: Interaction, answer: string, note: string | null): Decision => {
  const closed = close(question, 'answered', { answer, note });
  if (answer === 'a') return [closed, fact('orchestration.aborted', { reason: note })];
  const part = lastFailure(run)?.step ?? null;
  if (answer !== 's' || part === null) return [closed];
  if (!isTask(run, part)) return [closed, fact('step.skipped', { step: part })];
  const reason = 'it does not merge, and a person chose to do without it';
  return [closed, fact('child.skipped', { task: part, reason })];
};

/** The raise comes first: what follows from the answer is looked at with the new limit. */
const answerBudget = (run: Live, question: Interaction, given: string, note: string | null): Decision => {
  const closed = close(question, 'answered', { answer: given, note });
  if (given === ABORT) return [closed, ...requestAbort(run, note ?? 'the budget is used up')];
  if (given === WAIT || !run.budget.exceeded) return [closed];
  return [...raiseTo(run.budget.exceeded, given), closed];
};

const isOption = ({ kind, options }: Interaction, given: string): boolean =>
  options.some(({ key }) => key === given) || (kind === 'budget' && amountIn(given) !== null);

/** @throws {RuleViolation} a decision takes one of its options, a budget any amount, a question any text that says something */
const assertTaken = (question: Interaction, given: string): void => {
  const { id, kind, options } = question;
  if (kind === 'question' ? given !== '' : isOption(question, given)) return;
  const keys = options.map(({ key }) => key).join(', ');
  throw new RuleViolation(
    'interaction.not_an_option',
    kind === 'question' ? `${id} takes any text, not an empty one` : `${id} takes ${keys}, not "${given}"`,
  );
};

/** What an answer makes true. */
const decided = (run: Live, question: Interaction, given: string, note: string | null, context: Context): Decision => {
  switch (question.kind) {
    case 'route':
      return answerRoute(question, given, note, context);
    case 'map':
      return answerMap(question, given, note);
    case 'escalation':
      return answerEscalation(run, question, given, note);
    case 'budget':
      return answerBudget(run, question, given, note);
    case 'permission':
      return [close(question, given === 'n' ? 'declined' : 'answered', { answer: given, note })];
    case 'question':
      return [close(question, 'answered', { answer: given, note })];
  }
};

/** @throws {RuleViolation} no such question, several that may be meant, another answer before, or none of its options */
export const answer = (run: Live, command: CommandOf<'answer'>, context: Context): Decision => {
  const { interaction: id, note } = command;
  const question = id === null ? onlyOne(run, openInteractions(run)) : named(run, id);
  const given = readAs(question.kind, command.answer);
  if (question.outcome !== null) {
    if (question.answer === given) return [];
    const before = question.answer === null ? '' : `: ${question.answer}`;
    throw new RuleViolation(
      'interaction.closed',
      `${question.id} is closed (${question.outcome}${before}), it cannot be answered again`,
    );
  }
  assertTaken(question, given);
  const facts = decided(run, question, given, note, context);
  const [last] = facts.slice(-1);
  // An answer that ends the run ends what else is open with it.
  return last?.type === 'orchestration.aborted' || last?.type === 'abort.requested'
    ? [...facts.slice(0, -1), ...withdrawOpen(run, question), last]
    : facts;
};

/** Answers with a key, whatever else is open: there is one thing at a time that takes it. @throws {RuleViolation} */
export const answerKey = (run: Live, key: string, note: string | null, context: Context): Decision => {
  const taking = openInteractions(run).filter(
    ({ kind, options }) => kind !== 'question' && options.some((option) => option.key === key),
  );
  const interaction = taking.length === 1 ? (taking[0]?.id ?? null) : null;
  return answer(run, { type: 'answer', interaction, answer: key, note }, context);
};
