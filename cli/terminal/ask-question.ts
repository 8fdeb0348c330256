import type { Interaction } from '#contracts';
import type { Asked } from './asked.ts';

/** What an answer is chosen from; the number of an option, or one of these two. */
const OTHER = 'other';
const LATER = 'later';

const timeOf = (deadline: string): string => new Date(deadline).toTimeString().slice(0, 8);

/** What becomes of it where nobody answers; nothing where it waits. */
export const unlessAnswered = ({ deadline, default: fallback }: Interaction): readonly string[] =>
  deadline === null || fallback === null ? [] : [`at ${timeOf(deadline)} it is taken to be: ${fallback}`];

const messageOf = (question: Interaction): string => {
  const { prompt, round, focus } = question;
  return `${prompt}\n${[`round ${round ?? 1}, ${focus ?? 'what is open'}`, ...unlessAnswered(question)].join('; ')}`;
};

const choicesOf = ({ options }: Interaction, others: number) => {
  const suggested = options.map(({ key, label }, index) => ({
    value: String(index),
    label: key === 'enough' ? label : key,
    hint: key === 'enough' ? '' : label,
  }));
  const last = options.findIndex(({ key }) => key === 'enough');
  const more = [
    { value: OTHER, label: 'another answer', hint: '' },
    ...(others > 0 ? [{ value: LATER, label: 'answer another question first', hint: `${others} more` }] : []),
  ];
  return last < 0 ? [...suggested, ...more] : suggested.toSpliced(last, 0, ...more);
};

/** A question takes any text; what it suggests is offered, and so is to have been asked enough. */
export const askQuestion = async (
  question: Interaction,
  { signal, others }: { readonly signal: AbortSignal; readonly others: number },
): Promise<Asked> => {
  const { isCancel, select, text } = await import('@clack/prompts');
  const choice = await select({ message: messageOf(question), options: choicesOf(question, others), signal });
  if (signal.aborted) return null;
  if (isCancel(choice)) return 'interrupted';
  if (choice === LATER) return 'later';
  if (choice !== OTHER) return { answer: question.options[Number(choice)]?.key ?? '', note: null };
  const answer = await text({
    message: question.prompt,
    placeholder: question.default ?? '',
    validate: (value) => (value?.trim() ? undefined : 'Say something, or press Ctrl-C.'),
    signal,
  });
  if (signal.aborted) return null;
  return isCancel(answer) ? 'interrupted' : { answer, note: null };
};
