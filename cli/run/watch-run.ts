import type { Studio } from '#client';
import { type Interaction, type StateDocument, Unavailable } from '#contracts';
import type { Recorded } from '#events';
import type { Call } from '../command.ts';
import { openWork } from '../render/assignment.ts';
import { openInteractions } from '../render/interaction.ts';
import { line } from '../render/line.ts';
import type { Interrupts } from './interrupt.ts';
import { createPrompter, type Prompter } from './prompter.ts';
import type { Reporter } from './reporter.ts';

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

/** A run lives in Redis and with the services, not in this terminal: a lost connection costs it nothing. */
const whyNothingIsShown = (error: unknown): string =>
  error instanceof Unavailable
    ? 'no connection to Redis: the run is kept there and goes on with it; what happens meanwhile is shown here when it answers again'
    : `${error instanceof Error ? error.message : String(error)}; watching on`;

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
    if (!stopped) reporter.say(line('warn', whyNothingIsShown(error)));
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

const ABOUT_PEOPLE: ReadonlySet<Recorded['type']> = new Set([
  'interaction.opened',
  'interaction.closed',
  'work.handed_out',
  'work.taken',
  'work.returned',
  'work.closed',
]);
const isAboutPeople = ({ type }: Recorded): boolean => ABOUT_PEOPLE.has(type);

/**
 * Sees to it that the person is asked what a run and its tasks ask. Where nobody is at the terminal, `onWaits` is called once
 * nothing moves without a person.
 */
const watchPeople = (
  { studio, id, reporter, interrupts }: Watch,
  person: { readonly prompter: Prompter | null; readonly onWaits: () => void; readonly signal: AbortSignal },
) => {
  const { prompter, onWaits, signal } = person;
  /** Which task a run does. */
  const tasks = new Map<string, string>();
  const askedBy = (run: string, interactions: readonly Interaction[]): readonly Interaction[] => {
    const task = tasks.get(run);
    return openInteractions(interactions).map((asked) =>
      task === undefined ? asked : { ...asked, prompt: `${task}: ${asked.prompt}` },
    );
  };

  /** History may hold questions that were answered long ago: the state says what is open. */
  const look = async (run: string): Promise<void> => {
    if (prompter) return prompter.update(run, askedBy(run, (await studio.state(run)).interactions));
    // Of several tasks the others go on while one waits.
    const waits = run === id ? asksNow(await studio.state(id)) : await isStuck();
    if (waits) onWaits();
  };
  const asksNow = (state: StateDocument): boolean =>
    openInteractions(state.interactions).length + openWork(state).length > 0;
  const isStuck = async (): Promise<boolean> => (await studio.why(id)).wait?.owner === 'a person';
  const cannot = (error: unknown): void => {
    if (!signal.aborted) reporter.say(line('warn', whyNothingIsShown(error)));
  };

  const followTask = async (task: string): Promise<void> => {
    for await (const event of studio.follow(task, { awaited: true, signal }))
      if (isAboutPeople(event)) await look(task);
    if (!prompter && !signal.aborted) await look(task);
  };

  return {
    async take(event: Recorded): Promise<void> {
      if (interrupts.first.aborted) return;
      if (isAboutPeople(event)) await look(id);
      if (event.type === 'child.ended' && !prompter && (await isStuck())) onWaits();
      if (event.type !== 'child.started' || tasks.has(event.data.child)) return;
      tasks.set(event.data.child, event.data.task);
      void followTask(event.data.child).catch(cannot);
    },
  };
};

/** Follows a run, shows what happens, and answers for the person at the terminal. */
export const watchRun = async ({ io, json }: Call, watch: Watch): Promise<WatchEnd> => {
  const { studio, id, reporter, interrupts } = watch;
  const silence = watchSilence(watch);
  const waits = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([interrupts.first, waits.signal, over.signal]);
  const prompter = io.interactive && !json ? createPrompter({ studio, reporter, interrupts }) : null;
  const people = watchPeople(watch, { prompter, onWaits: () => waits.abort(), signal });
  try {
    for await (const event of studio.follow(id, { signal })) {
      silence.reset();
      reporter.take(event);
      await people.take(event);
    }
    if (waits.signal.aborted) return 'waits';
    return interrupts.first.aborted ? 'interrupted' : 'ended';
  } finally {
    over.abort();
    silence.stop();
    await prompter?.close();
    reporter.quiet();
  }
};
