import { isAbsolute } from 'node:path';
import { type Goal, gitUrlOf, gitUrlText, parseGitUrl } from '#contracts';

/** What may be a git URL gone wrong may hold a login: it is not repeated. */
const shown = (workspace: string): string => (/[@?]|:\//.test(workspace) ? 'this' : `"${workspace}"`);

/** What can be said of a workspace without looking for it: whether it is there is for the builder to see. */
export const workspaceProblems = ({ workspace, include_dirty: includeDirty }: Goal): readonly string[] => {
  if (workspace === undefined || isAbsolute(workspace)) return [];
  const answer = parseGitUrl(workspace);
  if (answer === null) return [`workspace: ${shown(workspace)} is not an absolute path of a folder, and no git URL`];
  if ('problem' in answer) return [`workspace: this git URL is not taken: ${answer.problem}`];
  return includeDirty
    ? ['include_dirty: a git URL has no uncommitted changes; commit and push them, or name the folder they are in']
    : [];
};

/** Two ways to write a git URL are one workspace, and one payload. */
export const withOneName = (goal: Goal): Goal => {
  const gitUrl = goal.workspace === undefined ? null : gitUrlOf(goal.workspace);
  return gitUrl ? { ...goal, workspace: gitUrlText(gitUrl) } : goal;
};
