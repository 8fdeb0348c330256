import type { Interaction } from '#contracts';
import { askQuestion, unlessAnswered } from './ask-question.ts';
import type { Asked } from './asked.ts';
import { listenForKeys } from './keys.ts';

/** What a prompt has to know beside the question. */
export interface Asking {
  /** Aborted when nobody asks any more. */
  readonly signal: AbortSignal;
  /** Other questions that are open and could be answered first. */
  readonly others: number;
}

/** What a key of this kind of question is explained with. */
const NOTE: Readonly<Partial<Record<string, { readonly message: string; readonly placeholder: string }>>> = {
  r: { message: 'What should be done differently?', placeholder: 'nothing: try the same again' },
};

/** One of the options, by its letter or by arrows; what goes with it is asked for then. */
const askDecision = async (interaction: Interaction, { signal }: Asking): Promise<Asked> => {
  const { prompt, options } = interaction;
  const { isCancel, select, text } = await import('@clack/prompts');
  const keys = listenForKeys(options.map(({ key }) => key));
  const chosen = await select({
    message: [prompt, ...unlessAnswered(interaction)].join('\n'),
    options: options.map(({ key, label }) => ({ value: key, label: `${key}  ${label}` })),
    signal: AbortSignal.any([signal, keys.signal]),
  });
  keys.stop();
  if (signal.aborted) return null;
  const choice = keys.key() ?? chosen;
  if (isCancel(choice)) return 'interrupted';
  const about = NOTE[choice];
  if (!about) return { answer: choice, note: null };
  const note = await text({ ...about, signal });
  if (signal.aborted) return null;
  return isCancel(note) ? 'interrupted' : { answer: choice, note: note?.trim() || null };
};

/** Asks the person at the terminal. Loads its library only then: most runs never ask. */
export const ask = (interaction: Interaction, asking: Asking): Promise<Asked> =>
  interaction.kind === 'question' ? askQuestion(interaction, asking) : askDecision(interaction, asking);

/** The goal, where it was left out. `null` after Ctrl-C. */
export const askForGoal = async (): Promise<string | null> => {
  const { isCancel, text } = await import('@clack/prompts');
  const goal = await text({
    message: 'What should be built?',
    placeholder: 'Add a health endpoint',
    validate: (value) => (value?.trim() ? undefined : 'Say what is to be done, or press Ctrl-C.'),
  });
  return isCancel(goal) ? null : goal;
};
