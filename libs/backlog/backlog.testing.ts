import type * as z from 'zod';
import { ProjectMap } from '#contracts';
import type { BacklogEvent } from './backlog.events.ts';
import type { BacklogCommand } from './command.ts';
import { decideBacklog } from './decide.ts';
import { type BacklogState, emptyBacklog, evolveBacklog } from './state.ts';

type MapInput = z.input<typeof ProjectMap>;
export type TaskInput = Partial<MapInput['tasks'][number]> & { readonly id: string };

export const mapOf = (tasks: readonly TaskInput[], rest: Partial<MapInput> = {}): ProjectMap =>
  ProjectMap.parse({ ...rest, tasks: tasks.map((task) => ({ title: `do ${task.id}`, ...task })) });

/** The state after these commands, and what the last of them stored. */
export const having = (
  ...commands: readonly BacklogCommand[]
): { readonly state: BacklogState; readonly events: readonly BacklogEvent[] } =>
  commands.reduce<{ readonly state: BacklogState; readonly events: readonly BacklogEvent[] }>(
    ({ state }, command) => {
      const events = decideBacklog(command, state);
      return { state: events.reduce(evolveBacklog, state), events };
    },
    { state: emptyBacklog, events: [] },
  );

export const decompose = (tasks: readonly TaskInput[], rest: Partial<MapInput> = {}): BacklogCommand => ({
  do: 'decompose',
  map: mapOf(tasks, rest),
  source: 'a test',
  orchestration: null,
});
