import { type EveryRunDocument, RuleViolation } from '#contracts';
import type { State } from '#domain';
import { type EventLog, streamPages } from '#events';
import type { Studio } from './studio.ts';

/** Who holds a task up with the run that it belongs to; it goes on with it too. */
const ROUTER = 'service:router';

const PAGE = 1_000;
const AT_ONCE = 16;

type Wanted = EveryRunDocument['command'];

/** A task follows the run that it belongs to, unless a person paused just the task. */
const concerns = (state: State, wanted: Wanted): boolean => {
  if (state.lifecycle !== 'live') return false;
  const { paused, submission } = state;
  if (wanted === 'pause') return paused === null && submission.parent === null;
  return paused !== null && (submission.parent === null || paused.by !== ROUTER);
};

export interface EveryRunOptions {
  readonly log: Pick<EventLog, 'streams'>;
  readonly load: (id: string) => Promise<State>;
  /** @throws {RuleViolation} */
  readonly give: (id: string, wanted: Wanted, reason: string | null) => Promise<unknown>;
}

/** Pauses or resumes all that live. One that refuses, because it ended a moment ago, holds up no other. */
export const createEveryRun =
  ({ log, load, give }: EveryRunOptions): Studio['everyRun'] =>
  async (command, reason = null) => {
    const document: EveryRunDocument = { command, done: [], refused: [] };
    const one = async (id: string): Promise<void> => {
      if (!concerns(await load(id), command)) return;
      try {
        await give(id, command, reason);
        document.done.push(id);
      } catch (error) {
        if (!(error instanceof RuleViolation)) throw error;
        document.refused.push({ id, problem: error.message });
      }
    };
    for await (const ids of streamPages(log, 'live', PAGE))
      for (let i = 0; i < ids.length; i += AT_ONCE) await Promise.all(ids.slice(i, i + AT_ONCE).map(one));
    return document;
  };
