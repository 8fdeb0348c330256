import type { Studio } from '#client';
import { type Interaction, RuleViolation } from '#contracts';
import { line } from '../render/line.ts';
import { ask } from '../terminal/ask.ts';
import type { Answer } from '../terminal/asked.ts';
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
  readonly key: string;
  readonly run: string;
  readonly interaction: Interaction;
}

/** What waits, in the order in which it is put. */
const createQueue = () => {
  let queue: readonly Waiting[] = [];
  const settled = new Set<string>();
  const has = (waiting: readonly Waiting[], { key }: Pick<Waiting, 'key'>): boolean =>
    waiting.some((other) => other.key === key);
  return {
    first: (): Waiting | undefined => queue[0],
    others: (): number => queue.length - 1,
    holds: (key: string): boolean => has(queue, { key }),
    /** Another one first. */
    postpone: (): void => {
      queue = [...queue.slice(1), ...queue.slice(0, 1)];
    },
    /** Never put again, whatever a look that came too early says. */
    settle: (key: string): void => {
      settled.add(key);
      queue = queue.filter((waiting) => waiting.key !== key);
    },
    /** What a run asks now. */
    update: (run: string, open: readonly Interaction[]): void => {
      const now = open
        .map((interaction) => ({ key: `${run} ${interaction.id}`, run, interaction }))
        .filter(({ key }) => !settled.has(key));
      const kept = queue.filter((waiting) => waiting.run !== run || has(now, waiting));
      queue = [...kept, ...now.filter((waiting) => !has(kept, waiting))];
    },
  };
};
type Queue = ReturnType<typeof createQueue>;

const answer = async ({ studio, reporter }: PrompterOptions, queue: Queue, waiting: Waiting, given: Answer) => {
  try {
    await studio.control(waiting.run, { command: 'answer', interaction: waiting.interaction.id, ...given });
    queue.settle(waiting.key);
  } catch (error) {
    // Somebody else was a moment faster, or the run ended: both are in the events that follow.
    if (error instanceof RuleViolation) queue.settle(waiting.key);
    reporter.say(line('warn', error instanceof Error ? error.message : String(error)));
  }
};

/** Puts what waits to the person at the terminal: one prompt at a time, whichever run it comes from. */
export const createPrompter = (options: PrompterOptions) => {
  const { reporter, interrupts, put = ask } = options;
  const queue = createQueue();
  let shown: { readonly key: string; readonly withdrawn: AbortController } | null = null;
  let working: Promise<void> | null = null;
  let isClosed = false;

  /** @returns false when the person wants no more of it */
  const putFirst = async (first: Waiting): Promise<boolean> => {
    const withdrawn = new AbortController();
    shown = { key: first.key, withdrawn };
    reporter.hold();
    const asked = await put(first.interaction, { signal: withdrawn.signal, others: queue.others() }).finally(() => {
      shown = null;
      reporter.release();
    });
    if (asked === 'interrupted') interrupts.press();
    else if (asked === 'later') queue.postpone();
    else if (asked) await answer(options, queue, first, asked);
    return asked !== 'interrupted';
  };

  const work = async (): Promise<void> => {
    for (let first = queue.first(); first && !isClosed; first = queue.first()) if (!(await putFirst(first))) return;
  };

  return {
    /** What a run asks now. A prompt for what it asks no longer goes away. */
    update(run: string, open: readonly Interaction[]): void {
      queue.update(run, open);
      if (shown && !queue.holds(shown.key)) shown.withdrawn.abort();
      if (isClosed) return;
      working ??= work()
        .catch((error: unknown) => reporter.say(line('warn', String(error))))
        .finally(() => {
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
