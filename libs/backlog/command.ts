import type { BacklogChange, ProjectMap } from '#contracts';
import type { TaskOutcome } from './backlog.events.ts';

/** How far a task of a run is, as that run's log has it. */
export interface FollowedTask {
  /** Its id in the run: here, or in the map that the run drew. */
  readonly task: string;
  readonly child: string | null;
  /** `null`: not ended. */
  readonly outcome: TaskOutcome | null;
  readonly reason: string | null;
}

/** What a backlog has to know of an orchestration: the same facts in the same words, however often they are told. */
export interface FollowedRun {
  readonly orchestration: string;
  /** The claim that it was submitted for. */
  readonly run: string | null;
  /** The map that it drew, once that stands. */
  readonly drawn: { readonly map: ProjectMap; readonly source: string } | null;
  readonly tasks: readonly FollowedTask[];
  /** `null`: it goes on. */
  readonly ended: { readonly reason: string | null } | null;
}

/** What may be asked of a backlog: by people (`BacklogChange`), and by what follows its runs. */
export type BacklogCommand =
  | Exclude<BacklogChange, { do: 'import' }>
  | {
      readonly do: 'decompose';
      readonly map: ProjectMap;
      readonly source: string;
      /** The run that drew the map: taken in once. */
      readonly orchestration: string | null;
    }
  /** Promises open tasks to a run that is about to be submitted. */
  | { readonly do: 'claim'; readonly tasks: readonly string[] | null; readonly max: number | null }
  | { readonly do: 'attach'; readonly run: string; readonly orchestration: string }
  | { readonly do: 'finish'; readonly run: string; readonly reason: string | null }
  | { readonly do: 'follow'; readonly followed: FollowedRun };
export type CommandOf<D extends BacklogCommand['do']> = Extract<BacklogCommand, { do: D }>;
