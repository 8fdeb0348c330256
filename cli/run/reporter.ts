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
  /** Leaves the terminal to the result. */
  quiet(): void;
  /** Leaves it to a prompt: what is said meanwhile is shown after it. */
  hold(): void;
  release(): void;
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
  let held: readonly Line[] | null = null;
  const say = (...lines: readonly Line[]): void => {
    if (json || lines.length === 0) return;
    if (held) {
      held = [...held, ...lines];
      return;
    }
    status.pause();
    writeLines(
      io.stdout,
      lines.map((line) => renderLine(line, style)),
    );
    if (current) status.set(current);
  };
  const busy = (text: string): void => {
    current = text;
    if (!held) status.set(text);
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
    hold() {
      held ??= [];
      status.pause();
    },
    release() {
      const lines = held ?? [];
      held = null;
      if (lines.length > 0) say(...lines);
      else if (current) status.set(current);
    },
  };
};
