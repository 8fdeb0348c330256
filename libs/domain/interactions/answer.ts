import { type Interaction, RuleViolation, Workflow } from '#contracts';
import type { EventOf } from '#events';
import type { CommandOf } from '../command.ts';
import { type Context, type Decision, fact } from '../context.ts';
import { override } from '../routing/route-fact.ts';
import { type Live, lastFailure, openInteraction, type Run } from '../run.ts';

const SPELLINGS: Readonly<Record<string, string>> = { yes: 'y', no: 'n', retry: 'r', skip: 's', abort: 'a' };

const keyOf = (answer: string): string => {
  const key = answer.trim().toLowerCase();
  return SPELLINGS[key] ?? key;
};

/** True when this is a repetition: that question got exactly this answer before. */
export const wasGiven = (run: Run, { interaction, answer }: CommandOf<'answer'>): boolean =>
  run.interactions.some(({ id, answer: known }) => id === interaction && known === keyOf(answer));

/** The interaction that is meant, or `null` when exactly this answer was given before. */
const find = (run: Live, { interaction: id, answer }: CommandOf<'answer'>): Interaction | null => {
  const found = id === null ? openInteraction(run) : run.interactions.find((interaction) => interaction.id === id);
  if (!found)
    throw new RuleViolation(
      'interaction.unknown',
      id === null ? `nothing is asked by ${run.id} now` : `${run.id} has no interaction ${id}`,
    );
  if (found.outcome === null) return found;
  if (found.answer === answer) return null;
  throw new RuleViolation(
    'interaction.closed',
    `${found.id} is closed (${found.outcome}${found.answer === null ? '' : `: ${found.answer}`}), it cannot be answered again`,
  );
};

const close = (
  { id }: Interaction,
  outcome: EventOf<'interaction.closed'>['data']['outcome'],
  answer: string | null,
  note: string | null,
): EventOf<'interaction.closed'> =>
  fact('interaction.closed', { interaction: id, outcome, answer, note, assumed: false });

const answerRoute = (question: Interaction, answer: string, note: string | null, context: Context): Decision => {
  if (answer === 'n')
    return [
      close(question, 'declined', answer, note),
      fact('orchestration.aborted', { reason: 'the route was declined' }),
    ];
  const workflow = Workflow.safeParse(answer);
  return [close(question, 'answered', answer, note), ...(workflow.success ? [override(workflow.data, context)] : [])];
};

const answerEscalation = (run: Live, question: Interaction, answer: string, note: string | null): Decision => {
  const closed = close(question, 'answered', answer, note);
  if (answer === 'a') return [closed, fact('orchestration.aborted', { reason: note })];
  const step = lastFailure(run)?.step;
  return answer === 's' && step ? [closed, fact('step.skipped', { step })] : [closed];
};

/** @throws {RuleViolation} no such question, another answer was given already, or the answer is not an option */
export const answer = (run: Live, command: CommandOf<'answer'>, context: Context): Decision => {
  const given = keyOf(command.answer);
  const question = find(run, { ...command, answer: given });
  if (!question) return [];
  if (!question.options.some((option) => option.key === given))
    throw new RuleViolation(
      'interaction.not_an_option',
      `${question.id} takes ${question.options.map((option) => option.key).join(', ')}, not "${command.answer}"`,
    );
  return question.kind === 'route'
    ? answerRoute(question, given, command.note, context)
    : answerEscalation(run, question, given, command.note);
};

/** Closes what is open, since nobody's answer matters any more. */
export const withdrawOpen = (run: Live): Decision =>
  run.interactions
    .filter(({ outcome }) => outcome === null)
    .map((interaction) => close(interaction, 'withdrawn', null, null));
