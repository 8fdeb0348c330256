import type { Recorded } from '#events';
import type { Call } from '../command.ts';
import { styleFor, writeLines } from '../output.ts';
import { type Detail, describe } from '../render/describe-event.ts';
import { type Line, renderLine } from '../render/line.ts';
import { activity, advance, noProgress } from '../render/progress.ts';
import { createStatusLine } from '../terminal/status-line.ts';

export interface Reporter {
  take(event: Recorded): void;
  say(...lines: readonly Line[]): void;
  /** Says what goes on until the next event tells more. */
  busy(text: string): void;
  /** Leaves the terminal to somebody else: a prompt, or the result. */
  quiet(): void;
}

/**
 * Shows a run as it happens: a line for what was done, and at a terminal one for what goes on.
 * @param told the version up to which nobody has to be told: it happened in another run
 */
export const createReporter = ({ io, json }: Call, detail: Detail, told = 0): Reporter => {
  const style = styleFor(io.stdout, io);
  const status = createStatusLine(io.stderr);
  let progress = noProgress;
  let current: string | null = null;
  const say = (...lines: readonly Line[]): void => {
    if (json || lines.length === 0) return;
    status.pause();
    writeLines(
      io.stdout,
      lines.map((line) => renderLine(line, style)),
    );
    if (current) status.set(current);
  };
  const busy = (text: string): void => {
    current = text;
    status.set(text);
  };
  return {
    say,
    busy,
    take(event) {
      progress = advance(progress, event);
      if (event.version <= told) return;
      say(...describe(event, progress, detail));
      const next = activity(progress, event);
      if (next) busy(next);
    },
    quiet() {
      current = null;
      status.pause();
    },
  };
};
