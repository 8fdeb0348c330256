import type { Studio } from '#client';
import type { Interaction } from '#contracts';
import type { Recorded } from '#events';
import { waitingTasks } from './waiting-tasks.ts';

/** Between two looks at what the tasks of a run wait for. */
const EVERY_MS = 2_000;

export interface TaskWatch {
  readonly studio: Studio;
  readonly id: string;
  /** Whether somebody is there to be asked. */
  readonly interactive: boolean;
  /** Puts the question of a task, until it is withdrawn. */
  readonly put: (id: string, question: Interaction, withdrawn: AbortSignal) => Promise<void>;
  /** Every task that is under way waits for a person, and nobody is there. */
  readonly onStuck: () => void;
  readonly onError: (error: unknown) => void;
}

/** Tasks are runs of their own: what they ask is not in the stream of the run that they belong to. */
export const watchTasks = ({ studio, id, interactive, put, onStuck, onError }: TaskWatch) => {
  const asked = new Map<string, AbortController>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const ask = async (): Promise<void> => {
    const waiting = await waitingTasks(studio, await studio.state(id));
    const open = new Set(waiting.map(({ id: run, question }) => `${run} ${question.id}`));
    for (const [key, withdrawn] of asked) if (!open.has(key)) withdrawn.abort();
    const first = waiting[0];
    // A terminal takes one question at a time.
    if (!first || [...asked].some(([key, { signal }]) => open.has(key) && !signal.aborted)) return;
    const withdrawn = new AbortController();
    asked.set(`${first.id} ${first.question.id}`, withdrawn);
    await put(first.id, first.question, withdrawn.signal);
  };

  const look = async (): Promise<void> => {
    if (interactive) return await ask();
    const { wait } = await studio.why(id);
    if (wait?.kind === 'dependency' && wait.owner === 'a person') onStuck();
  };

  const again = (): void => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => stopped || onError(error))
        .finally(() => stopped || again());
    }, EVERY_MS);
    timer.unref();
  };

  return {
    /** With the first task there is something to look at. */
    take: ({ type }: Pick<Recorded, 'type'>): void => {
      if (type === 'child.started' && timer === undefined) again();
    },
    stop: (): void => {
      stopped = true;
      clearTimeout(timer);
      for (const withdrawn of asked.values()) withdrawn.abort();
    },
  };
};
