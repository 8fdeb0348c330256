import type { Gate, Plan, PlannerAnswer, PlannerQuestion, ProjectMap } from '#contracts';

/** What the files of a workspace, and an engine that costs nothing, can tell of a goal in advance. */
export interface PreviewRequest {
  readonly goal: string;
  readonly workspace: string;
  /** By name; `null`: the one that is configured. */
  readonly engine: string | null;
  readonly skills: readonly string[];
  readonly answers: readonly PlannerAnswer[];
  /** What has to be thought of first: nothing where a plan is given. */
  readonly needs: 'plan' | 'map' | 'nothing';
  readonly given: Plan | null;
  /** It is done by runs of their own, one a task. */
  readonly isParent: boolean;
}

export interface Preview {
  readonly plan: { readonly plan: Plan; readonly source: string; readonly cautions: readonly string[] } | null;
  readonly map: ProjectMap | null;
  /** Why there is neither. */
  readonly why: string | null;
  readonly questions: readonly PlannerQuestion[];
  /** Whether pages can be checked there. */
  readonly browser: boolean;
  readonly gates: readonly { readonly gate: Gate; readonly command: string | null; readonly source: string }[] | null;
  /** Which engine would do the steps; none where all of them bring their operations; `null`: nobody can tell. */
  readonly workers: readonly string[] | null;
}

/** Looks, and changes nothing; a folder that is not there is no error. */
export type LookAhead = (request: PreviewRequest) => Promise<Preview>;

/** Where the workspace cannot be seen: on another machine, or from a program that was given no way to look. */
export const nothingSeen = (why: string): Preview => ({
  plan: null,
  map: null,
  why,
  questions: [],
  browser: false,
  gates: null,
  workers: null,
});
