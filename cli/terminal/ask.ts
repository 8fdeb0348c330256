import type { Interaction } from '#contracts';

export interface Answer {
  readonly answer: string;
  readonly note: string | null;
}

/** Ends with an answer; with `interrupted` after Ctrl-C; with `null` when the signal says that nobody asks any more. */
export type Asked = Answer | 'interrupted' | null;

/** A key of one letter answers at once, as the options show it; arrows and Enter choose any. */
const listenForKeys = (keys: readonly string[]) => {
  const pressed = new AbortController();
  const listener = (key: string | undefined): void => {
    if (key !== undefined && key.length === 1 && keys.includes(key)) pressed.abort(key);
  };
  process.stdin.on('keypress', listener);
  return {
    signal: pressed.signal,
    key: (): string | null => (pressed.signal.aborted ? String(pressed.signal.reason) : null),
    stop: () => process.stdin.off('keypress', listener),
  };
};

/** Asks the person at the terminal. Loads its library only then: most runs never ask. */
export const ask = async ({ prompt, options }: Interaction, signal: AbortSignal): Promise<Asked> => {
  const { isCancel, select, text } = await import('@clack/prompts');
  const keys = listenForKeys(options.map(({ key }) => key));
  const chosen = await select({
    message: prompt,
    options: options.map(({ key, label }) => ({ value: key, label: `${key}  ${label}` })),
    signal: AbortSignal.any([signal, keys.signal]),
  });
  keys.stop();
  if (signal.aborted) return null;
  const choice = keys.key() ?? chosen;
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
