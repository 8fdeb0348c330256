import type { Studio } from '#client';
import type { Interaction } from '#contracts';
import type { Call } from '../command.ts';
import { openQuestion } from '../render/interaction.ts';
import { line } from '../render/line.ts';
import { ask } from '../terminal/ask.ts';
import type { Interrupts } from './interrupt.ts';
import type { Reporter } from './reporter.ts';
import { watchTasks } from './watch-tasks.ts';

/** Why watching ended: the run did, it waits for a person who is not here, or the person pressed Ctrl-C. */
export type WatchEnd = 'ended' | 'waits' | 'interrupted';

export interface Watch {
  readonly studio: Studio;
  readonly id: string;
  readonly reporter: Reporter;
  readonly interrupts: Interrupts;
}

/** After this long without news it is worth finding out whether anybody works on it. */
const SILENCE_MS = 3_000;

/** Tells once when a run stands still because no worker is alive. */
const watchSilence = ({ studio, id, reporter }: Watch) => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const { wait } = await studio.why(id);
    if (wait?.kind === 'no_worker') reporter.say(line('warn', wait.detail));
  };
  // The follower waits as long as it takes, so that nobody would learn why nothing happens.
  const cannotLook = (error: unknown): void => {
    if (!stopped) reporter.say(line('warn', `${error instanceof Error ? error.message : String(error)}; watching on`));
  };
  const reset = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look().catch(cannotLook), SILENCE_MS);
    timer.unref();
  };
  reset();
  return {
    reset,
    stop: (): void => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};

/** Puts the question to the person, and the answer to the run, unless somebody answers it elsewhere first. */
const put = async (watch: Watch, question: Interaction, withdrawn: AbortSignal): Promise<void> => {
  const { studio, id, reporter, interrupts } = watch;
  reporter.quiet();
  const asked = await ask(question, withdrawn);
  if (asked === 'interrupted') return interrupts.press();
  if (!asked) return;
  try {
    await studio.control(id, { command: 'answer', interaction: question.id, ...asked });
  } catch (error) {
    // Somebody else was a moment faster, or the run ended: both are in the events that follow.
    reporter.say(line('warn', error instanceof Error ? error.message : String(error)));
  }
};

const tasksOf = (watch: Watch, interactive: boolean, stuck: AbortController) =>
  watchTasks({
    ...watch,
    interactive,
    put: (task, question, answered) => put({ ...watch, id: task }, question, answered),
    onStuck: () => stuck.abort(),
    onError: (error) => watch.reporter.say(line('warn', error instanceof Error ? error.message : String(error))),
  });

const endOf = ({ first }: Interrupts, stuck: AbortController): WatchEnd => {
  if (first.aborted) return 'interrupted';
  return stuck.signal.aborted ? 'waits' : 'ended';
};

/** Follows a run, shows what happens, and answers for the person at the terminal. */
export const watchRun = async ({ io }: Call, watch: Watch): Promise<WatchEnd> => {
  const { studio, id, reporter, interrupts } = watch;
  const silence = watchSilence(watch);
  const stuck = new AbortController();
  const tasks = tasksOf(watch, io.interactive, stuck);
  let withdrawn = new AbortController();
  try {
    for await (const event of studio.follow(id, { signal: AbortSignal.any([interrupts.first, stuck.signal]) })) {
      silence.reset();
      reporter.take(event);
      tasks.take(event);
      if (event.type === 'interaction.closed') withdrawn.abort();
      if (event.type !== 'interaction.opened') continue;
      // History may hold questions that were answered long ago.
      const question = openQuestion((await studio.state(id)).interactions);
      if (!question) continue;
      if (!io.interactive) return 'waits';
      withdrawn = new AbortController();
      void put(watch, question, withdrawn.signal);
    }
    return endOf(interrupts, stuck);
  } finally {
    silence.stop();
    tasks.stop();
    withdrawn.abort();
    reporter.quiet();
  }
};
