import { execa } from 'execa';
import { waitUntil } from './wait-until.ts';

/** Waits for the branch of a run, which follows its log: by the time a run has ended it may not be there yet. */
export const untilBranch = async (repository: string, id: string): Promise<void> => {
  // Not by a list of branches: that reads the worktrees, too, which come and go.
  const args = ['rev-parse', '-q', '--verify', `refs/heads/studio/${id}`];
  const isThere = async () => (await execa('git', args, { cwd: repository, reject: false })).exitCode === 0;
  await waitUntil(`the branch of ${id} is there`, isThere);
};

/** A file on the branch of a run, as soon as it is there. */
export const fileOnBranch = async (repository: string, id: string, path: string): Promise<string> => {
  let content: string | null = null;
  await waitUntil(`${path} is on the branch of ${id}`, async () => {
    const shown = await execa('git', ['show', `studio/${id}:${path}`], { cwd: repository, reject: false });
    content = shown.exitCode === 0 ? shown.stdout : null;
    return content !== null;
  });
  return content ?? '';
};
