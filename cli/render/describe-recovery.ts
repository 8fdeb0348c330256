import type { RecordedOf } from '#events';
import { type Line, line } from './line.ts';
import { duration } from './words.ts';

/** From the decision on, as the log has it. */
const waitOf = ({ time, data: { notBefore } }: RecordedOf<'recovery.decided'>): string | null => {
  const waitMs = notBefore === null ? 0 : Date.parse(notBefore) - Date.parse(time);
  return waitMs > 0 ? duration(waitMs) : null;
};

const hinted = (hint: string | null): readonly Line[] =>
  hint ? hint.split('\n').map((text) => line('more', `  hint: ${text}`)) : [];

/** What is done about a failure: what changes for the next try, how long it waits, or who has to act. */
export const describeRecovery = (event: RecordedOf<'recovery.decided'>): readonly Line[] => {
  const { action, reason, hint, counted, notBefore } = event.data;
  const wait = waitOf(event);
  switch (action) {
    case 'retry':
      return counted
        ? [line('warn', `retry${wait ? ` in ${wait}` : ''}: ${reason}`), ...hinted(hint)]
        : [line('warn', wait === null ? reason : `waits ${wait}, until ${notBefore}: ${reason}`)];
    case 'replan':
      return [line('warn', `another plan: ${reason}`)];
    case 'escalate':
      return [line('bad', `a person decides: ${reason}`)];
    case 'halt':
      return [line('bad', `halt at once: ${reason}`)];
  }
};
