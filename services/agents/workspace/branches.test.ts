import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectLearnings } from '#learnings';
import { applyBranch, diffOf, discardBranch, moveBranch } from '#repository';
import { createFixture, type Fixture, ORCHESTRATION } from './workspace.fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture(process.env);
});
afterEach(() => fixture.end());

const work = async () => {
  const workspace = await fixture.open();
  await writeFile(join(workspace.directory, 'b.txt'), 'new\n');
  const commit = String(await workspace.commitAll('step'));
  return { base: workspace.base, branch: workspace.branch, commit };
};

test('it moves by compare-and-set, and twice is once', async () => {
  await fixture.repository();
  const { base, branch, commit } = await work();
  const to = { ...fixture.place, branch };
  expect(await moveBranch({ ...to, to: base, from: [] })).toEqual({ outcome: 'moved' });
  expect(await moveBranch({ ...to, to: base, from: [] })).toEqual({ outcome: 'already' });
  expect(await moveBranch({ ...to, to: commit, from: [base] })).toEqual({ outcome: 'moved' });
  expect(await moveBranch({ ...to, to: commit, from: [base] })).toEqual({ outcome: 'already' });
  expect(await moveBranch({ ...to, to: base, from: [] })).toMatchObject({ outcome: 'conflict', found: commit });
  expect(await discardBranch({ ...to, orchestration: ORCHESTRATION })).toEqual([
    `refs/heads/${branch}`,
    `refs/studio/${ORCHESTRATION}/base`,
  ]);
  expect(await discardBranch({ ...to, orchestration: ORCHESTRATION })).toEqual([]);
});

test('it is left alone while somebody has it checked out', async () => {
  await fixture.repository();
  const { base, branch, commit } = await work();
  await fixture.sh(`git checkout -q -b ${branch}`);
  const result = await moveBranch({ ...fixture.place, branch, to: commit, from: [base] });
  expect(result).toMatchObject({ outcome: 'conflict', found: base });
  const discarded = discardBranch({ ...fixture.place, branch, orchestration: ORCHESTRATION });
  await expect(discarded).rejects.toMatchObject({ code: 'workspace.branch_checked_out', remedy: 'change' });
  expect(await fixture.sh('git rev-parse HEAD')).toBe(base);
});

test('it is applied to a clean tree as a fast-forward, and again is the same', async () => {
  await fixture.repository();
  const run = await work();
  expect(await applyBranch({ ...fixture.place, ...run })).toEqual({ applied: true, into: 'main' });
  expect(await readFile(join(fixture.root, 'b.txt'), 'utf8')).toBe('new\n');
  expect(await applyBranch({ ...fixture.place, ...run })).toEqual({ applied: true, into: 'main' });
  expect(await diffOf({ ...fixture.place, ...run })).toContain('+++ b/b.txt');
});

test('learnings that a team keeps in git do not keep a result from being applied', async () => {
  await fixture.repository();
  await fixture.sh('mkdir -p studio/learnings && echo one > studio/learnings/global.md');
  await fixture.sh('git add -A && git commit -q -m learnings');
  const run = await work();
  await writeFile(join(fixture.root, 'studio/learnings/global.md'), '# Learnings\n\n## 2026-06-01: one\n');
  expect((await fixture.open()).dirty).toBe(false);
  expect(await applyBranch({ ...fixture.place, ...run })).toEqual({ applied: true, into: 'main' });
});

test('it is refused on a dirty tree, after other commits, without a branch, and over a file in the way', async () => {
  await fixture.repository();
  const run = await work();
  const reason = async () => {
    const result = await applyBranch({ ...fixture.place, ...run });
    return result.applied ? 'applied' : result.reason;
  };
  await writeFile(join(fixture.root, 'a.txt'), 'mine\n');
  expect(await reason()).toContain('uncommitted changes');
  await fixture.sh('git checkout -q a.txt');
  await writeFile(join(fixture.root, 'b.txt'), 'in the way\n');
  expect(await reason()).toContain('git refused');
  expect(await readFile(join(fixture.root, 'b.txt'), 'utf8')).toBe('in the way\n');
  await fixture.sh('rm b.txt && git commit -q --allow-empty -m other');
  expect(await reason()).toContain('moved on');
  await fixture.sh('git checkout -q --detach HEAD~1');
  expect(await reason()).toContain('not on a branch');
});

test('learnings that were added to a folder without git do not keep its result from it', async () => {
  await writeFile(join(fixture.root, 'a.txt'), 'one\n');
  const run = await work();
  const learning = { domain: 'global', text: 'one', time: '2026-06-01', orchestration: null };
  await projectLearnings({ workspace: fixture.root, learnings: [learning], known: async () => [] });
  expect(await applyBranch({ ...fixture.place, ...run })).toMatchObject({ applied: true });
  expect(await readFile(join(fixture.root, 'studio/learnings/global.md'), 'utf8')).toContain('2026-06-01: one');
});

test('a folder without git gets the files, unless they changed meanwhile', async () => {
  await writeFile(join(fixture.root, 'a.txt'), 'one\n');
  const run = await work();
  await writeFile(join(fixture.root, 'a.txt'), 'mine\n');
  expect(await applyBranch({ ...fixture.place, ...run })).toMatchObject({ applied: false });
  await writeFile(join(fixture.root, 'a.txt'), 'one\n');
  expect(await applyBranch({ ...fixture.place, ...run })).toMatchObject({ applied: true });
  expect(await readFile(join(fixture.root, 'b.txt'), 'utf8')).toBe('new\n');
  expect(await applyBranch({ ...fixture.place, ...run })).toMatchObject({ applied: true });
});
