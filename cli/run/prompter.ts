import type { Studio } from '#client';
import { type Interaction, RuleViolation } from '#contracts';
import { line } from '../render/line.ts';
import { ask } from '../terminal/ask.ts';
import type { Interrupts } from './interrupt.ts';
import type { Reporter } from './reporter.ts';

export interface PrompterOptions {
  readonly studio: Pick<Studio, 'control'>;
  readonly reporter: Reporter;
  readonly interrupts: Interrupts;
  /** Puts one question; the real one needs a terminal. */
  readonly put?: typeof ask;
}

/** Something that waits for a person. */
interface Waiting {
  readonly run: string;
  readonly interaction: Interaction;
}

const keyOf = ({ run, interaction }: Waiting): string => `${run} ${interaction.id}`;

/** Puts what waits to the person at the terminal: one prompt at a time, whichever run it comes from. */
export const createPrompter = ({ studio, reporter, interrupts, put = ask }: PrompterOptions) => {
  let queue: readonly Waiting[] = [];
  let shown: { readonly key: string; readonly withdrawn: AbortController } | null = null;
  let working: Promise<void> | null = null;
  let isClosed = false;
  const settled = new Set<string>();

  const drop = (key: string): void => {
    settled.add(key);
    queue = queue.filter((waiting) => keyOf(waiting) !== key);
  };

  const answer = async (waiting: Waiting, given: { readonly answer: string; readonly note: string | null }) => {
    const { run, interaction } = waiting;
    try {
      await studio.control(run, { command: 'answer', interaction: interaction.id, ...given });
      drop(keyOf(waiting));
    } catch (error) {
      // Somebody else was a moment faster, or the run ended: both are in the events that follow.
      if (error instanceof RuleViolation) drop(keyOf(waiting));
      reporter.say(line('warn', error instanceof Error ? error.message : String(error)));
    }
  };

  /** @returns false when the person wants no more of it */
  const putFirst = async (first: Waiting): Promise<boolean> => {
    const withdrawn = new AbortController();
    shown = { key: keyOf(first), withdrawn };
    reporter.hold();
    const asked = await put(first.interaction, { signal: withdrawn.signal, others: queue.length - 1 }).finally(() => {
      shown = null;
      reporter.release();
    });
    if (asked === 'interrupted') {
      interrupts.press();
      return false;
    }
    if (asked === 'later') queue = [...queue.slice(1), ...queue.slice(0, 1)];
    else if (asked) await answer(first, asked);
    return true;
  };

  const work = async (): Promise<void> => {
    for (let [first] = queue; first && !isClosed; [first] = queue) if (!(await putFirst(first))) return;
  };

  return {
    /** What a run asks now. A prompt for what it asks no longer goes away. */
    update(run: string, open: readonly Interaction[]): void {
      const now = open.map((interaction) => ({ run, interaction })).filter((waiting) => !settled.has(keyOf(waiting)));
      const kept = queue.filter(
        (waiting) => waiting.run !== run || now.some((other) => keyOf(other) === keyOf(waiting)),
      );
      const fresh = now.filter((waiting) => !kept.some((other) => keyOf(other) === keyOf(waiting)));
      queue = [...kept, ...fresh];
      if (shown && !queue.some((waiting) => keyOf(waiting) === shown?.key)) shown.withdrawn.abort();
      if (isClosed) return;
      working ??= work().finally(() => {
        working = null;
      });
    },
    /** Takes the prompt away; after that nothing is put any more. */
    async close(): Promise<void> {
      isClosed = true;
      shown?.withdrawn.abort();
      await working;
    },
  };
};
export type Prompter = ReturnType<typeof createPrompter>;
