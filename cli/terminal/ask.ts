import type { Interaction } from '#contracts';

export interface Answer {
  readonly answer: string;
  readonly note: string | null;
}

/** Ends with an answer; with `interrupted` after Ctrl-C; with `null` when the signal says that nobody asks any more. */
export type Asked = Answer | 'interrupted' | null;

/** Asks the person at the terminal. Loads its library only then: most runs never ask. */
export const ask = async ({ prompt, options }: Interaction, signal: AbortSignal): Promise<Asked> => {
  const { isCancel, select, text } = await import('@clack/prompts');
  const choice = await select({
    message: prompt,
    options: options.map(({ key, label }) => ({ value: key, label: `${key}  ${label}` })),
    signal,
  });
  if (signal.aborted) return null;
  if (isCancel(choice)) return 'interrupted';
  if (choice !== 'r') return { answer: choice, note: null };
  const note = await text({
    message: 'What should be done differently?',
    placeholder: 'nothing: try the same again',
    signal,
  });
  if (signal.aborted) return null;
  return isCancel(note) ? 'interrupted' : { answer: choice, note: note?.trim() || null };
};

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
