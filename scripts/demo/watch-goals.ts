import { setTimeout as sleep } from 'node:timers/promises';
import type { Studio } from '#client';
import type { LineGoal } from '../../test/support/line-goals.ts';
import type { Board, Row } from './board.ts';

/** By the id of the run. */
export type Goals = ReadonlyMap<string, LineGoal>;

export interface WatchGoalsOptions {
  readonly studio: Studio;
  readonly goals: Goals;
  readonly board: Board;
  /** On the clock of `performance`, milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 250;

const readRow = async (studio: Studio, id: string, goal: LineGoal): Promise<Row> => {
  const [state, events] = await Promise.all([studio.state(id), studio.events(id)]);
  return {
    name: goal.key,
    done: state.steps.filter(({ status }) => status === 'completed').length,
    steps: goal.steps,
    workers: events.filter(({ type }) => type === 'agent.started').length,
    status: state.outcome?.kind ?? state.wait?.kind ?? state.status,
    ended: state.outcome !== null,
  };
};

/** Shows how the goals get on until all have ended, or the deadline. */
export const watchGoals = async ({ studio, goals, board, deadline, signal }: WatchGoalsOptions): Promise<void> => {
  const rows = new Map<string, Row>();
  while (!signal.aborted && performance.now() < deadline) {
    for (const [id, goal] of goals) {
      if (rows.get(id)?.ended) continue;
      rows.set(id, await readRow(studio, id, goal));
    }
    board.show([...rows.values()]);
    if (rows.size === goals.size && [...rows.values()].every(({ ended }) => ended)) return;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
};
