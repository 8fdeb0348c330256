import { isAbsolute, resolve as normal } from 'node:path';
import type * as z from 'zod';
import type { BacklogCommand } from '#backlog';
import {
  BacklogChange,
  BacklogDecompose,
  BacklogRun,
  gitUrlText,
  InvalidInput,
  NotFound,
  parseGitUrl,
} from '#contracts';
import { problemsOf } from '#orchestrations';
import { type BacklogStoreOptions, createBacklogStore } from './backlog-store.ts';
import { loadState } from './load-state.ts';
import type { Parts } from './parts.ts';
import { createRunBacklog } from './run-backlog.ts';
import type { Studio } from './studio.ts';

export interface BacklogOptions extends BacklogStoreOptions {
  readonly resolve: Studio['resolve'];
  readonly submit: Studio['submit'];
}

const parsed = <S extends z.ZodType>(what: string, schema: S, input: unknown): z.infer<S> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidInput(what, problemsOf(result.error));
};

/** @throws {InvalidInput} a path that is relative would be another one for everybody who reads it */
const absolute = (workspace: string): string => {
  if (isAbsolute(workspace)) return normal(workspace);
  const answer = parseGitUrl(workspace);
  if (answer && 'gitUrl' in answer) return gitUrlText(answer.gitUrl);
  const why = answer
    ? `this git URL is not taken: ${answer.problem}`
    : `"${workspace}" is not an absolute path of a folder`;
  throw new InvalidInput('the workspace', [why]);
};

const commandOf = (change: BacklogChange): BacklogCommand =>
  change.do === 'import' ? { do: 'decompose', map: change.map, source: change.source, orchestration: null } : change;

type Part = Pick<Studio, 'backlog' | 'nextTasks' | 'changeBacklog' | 'decompose' | 'runBacklog' | 'catchUpBacklog'>;

/** The backlogs of workspaces, and what is submitted for them. */
export const createBacklog = (parts: Parts, options: BacklogOptions): Part => {
  const { resolve, submit } = options;
  const store = createBacklogStore(parts, options);
  const run = createRunBacklog(parts, store, submit);
  return {
    backlog: async (workspace) => store.document(absolute(workspace)),

    async nextTasks(folder) {
      const { id, workspace, next, tasks } = await store.document(absolute(folder));
      return { id, workspace, tasks: next.flatMap((task) => tasks.find((one) => one.id === task) ?? []) };
    },

    async changeBacklog(folder, change) {
      const workspace = absolute(folder);
      await store.execute(workspace, commandOf(parsed('the change', BacklogChange, change)));
      return store.document(workspace);
    },

    async decompose(input, origin) {
      const goal = parsed('the goal', BacklogDecompose, input);
      const workspace = absolute(goal.workspace);
      const { backlogIdOf } = await import('#backlog');
      return submit({ ...goal, workspace, workflow: 'decompose_first', backlog: backlogIdOf(workspace) }, origin);
    },

    async runBacklog(input, origin = {}) {
      const request = parsed('the run', BacklogRun, input);
      return run({ ...request, workspace: absolute(request.workspace) }, origin);
    },

    async catchUpBacklog(given) {
      const id = await resolve(given);
      const state = await loadState(parts.log, id);
      const workspace = state.lifecycle === 'absent' ? null : state.submission.workspace;
      if (workspace === null) throw new NotFound(`${id} has no workspace, and so no backlog`, { id });
      const { followedRun } = await import('#backlog');
      const found = followedRun(state);
      if (found) await store.execute(workspace, { do: 'follow', followed: found.followed });
      return store.document(workspace);
    },
  };
};
