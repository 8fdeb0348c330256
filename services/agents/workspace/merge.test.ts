import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Workspace } from './index.ts';
import { createFixture, exists, type Fixture, ORCHESTRATION } from './workspace.fixture.ts';

let fixture: Fixture;
let base: string;

beforeEach(async () => {
  fixture = await createFixture(process.env);
  base = await fixture.repository({ 'a.txt': 'one\n' });
});
afterEach(() => fixture.end());

/** What another run committed on the base. */
const workOf = async (lease: number, path: string, content: string): Promise<string> => {
  const workspace = await fixture.open({ lease, orchestration: `${ORCHESTRATION.slice(0, -1)}${lease}`, base });
  await writeFile(join(workspace.directory, path), content);
  return String(await workspace.commitAll(`write ${path}`));
};

const filesAt = async (workspace: Workspace): Promise<readonly string[]> =>
  (await fixture.sh(`git ls-tree -r --name-only ${workspace.head()}`)).split('\n');

test('the work of another commit is merged as a commit by Studio; what is contained already changes nothing', async () => {
  const [one, two] = [await workOf(5, 'one.txt', '1\n'), await workOf(6, 'two.txt', '2\n')];
  const workspace = await fixture.open();
  expect(await workspace.merge(one, 'Merge one')).toMatchObject({ outcome: 'merged' });
  const merged = await workspace.merge(two, 'Merge two');
  expect(merged).toEqual({ outcome: 'merged', commit: workspace.head() });
  expect(await filesAt(workspace)).toEqual(['a.txt', 'one.txt', 'two.txt']);
  expect(await fixture.sh(`git log -1 --format='%an %s' ${workspace.head()}`)).toBe('Studio Merge two');
  expect(await workspace.merge(one, 'again')).toEqual(merged);
  await writeFile(join(workspace.directory, 'more.txt'), 'm\n');
  const more = await workspace.commitAll('more');
  expect(await fixture.sh(`git rev-parse ${more}^`)).toBe(merged.outcome === 'merged' && merged.commit);
});

test('a conflict names its files and leaves the worktree as it was; a commit that is gone is told', async () => {
  await fixture.sh('git config merge.conflictStyle diff3; git config rerere.enabled true; git config merge.ff only');
  const [one, two] = [await workOf(5, 'a.txt', 'uno\n'), await workOf(6, 'a.txt', 'eins\n')];
  const workspace = await fixture.open();
  await workspace.merge(one, 'Merge one');
  const before = workspace.head();
  expect(await workspace.merge(two, 'Merge two')).toEqual({ outcome: 'conflict', files: ['a.txt'] });
  expect(workspace.head()).toBe(before);
  expect(await fixture.sh('git status --porcelain', workspace.directory)).toBe('');
  expect(await fixture.sh('git log --format=%s main')).toBe('first');
  expect(await workspace.merge('1'.repeat(40), 'Merge nothing')).toEqual({ outcome: 'missing' });
  expect(await workspace.commitAll('nothing')).toBeNull();
});

test('a workspace begins at several commits, merged in their order and kept under the name of the run', async () => {
  const [one, two] = [await workOf(5, 'one.txt', '1\n'), await workOf(6, 'two.txt', '2\n')];
  const workspace = await fixture.open({ bases: [one, two], from: null });
  expect(workspace.base).toBe(workspace.head());
  expect(await filesAt(workspace)).toEqual(['a.txt', 'one.txt', 'two.txt']);
  expect(await fixture.sh(`git rev-parse refs/studio/${ORCHESTRATION}/base`)).toBe(workspace.base);
  expect(await workspace.changes()).toEqual([]);
  const next = await fixture.open({ lease: 9, bases: [one, two], base: workspace.base });
  expect(next.base).toBe(workspace.base);
});

test('commits to begin at that conflict are refused, with the files, and leave nothing behind', async () => {
  const [one, two] = [await workOf(5, 'a.txt', 'uno\n'), await workOf(6, 'a.txt', 'eins\n')];
  await expect(fixture.open({ lease: 12, bases: [one, two] })).rejects.toMatchObject({
    code: 'workspace.bases_conflict',
    details: { files: ['a.txt'] },
  });
  expect(await exists(join(fixture.cacheDir, 'worktrees', `${ORCHESTRATION}-12`))).toBe(false);
  await expect(fixture.open({ lease: 13, bases: [one, '1'.repeat(40)] })).rejects.toMatchObject({
    code: 'workspace.commit_missing',
  });
});
