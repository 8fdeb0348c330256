/** A key of one letter answers at once, as the options show it; arrows and Enter choose any. */
export const listenForKeys = (keys: readonly string[]) => {
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
