import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import type { Studio } from '#client';
import { PruneDocument } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { makeRepository } from '../support/line-goals.ts';
import { studioAt } from '../support/orchestration.ts';
import { testRedis } from '../support/redis.ts';

const { url, tag, connect } = testRedis();
const cache = studioIn({}).folder;
const { folder, run } = studioIn({ REDIS_URL: url, STUDIO_TAG: tag, XDG_CACHE_HOME: cache });
const worktrees = join(cache, 'studio', 'worktrees');
const sessions = join(folder, '.studio', 'orchestration');

let studio: Studio;
beforeAll(async () => {
  studio = await studioAt({ redis: connect(), tag });
  await makeRepository(folder);
});

const submitted = async (more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
  const answer = await studio.submit({ goal: 'Write a line', workspace: folder, ...more });
  if (answer.outcome !== 'created') throw new Error(`expected created, got ${answer.outcome}`);
  return answer.id;
};

/** As a worker leaves one that was killed. */
const leaveWorktree = (id: string, lease: number): string => {
  const place = join(worktrees, `${id}-${lease}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'half.txt'), 'not verified');
  return place;
};

/** As `scripts/orchestrator.sh` writes them. */
const leaveSession = (id: string): void => {
  mkdirSync(join(sessions, id), { recursive: true });
  writeFileSync(join(sessions, id, 'state.json'), '{}');
  writeFileSync(join(sessions, '.current'), `${id}\n`);
};

const cleanUp = async (...argv: readonly string[]): Promise<PruneDocument> => {
  const { code, stdout, stderr } = await run(['cleanup', ...argv, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return PruneDocument.parse(JSON.parse(stdout));
};

test('what a run left is removed, and what another left stays', async () => {
  const [id, other] = [await submitted(), await submitted()];
  await studio.control(id, { command: 'abort', reason: 'a test' });
  const gone = leaveWorktree(id, 2);
  const stays = leaveWorktree(other, 2);
  leaveSession(id);

  const told = await cleanUp(id, '--dry-run');
  expect(told.removed.map(({ kind, name }) => [kind, name])).toEqual([
    ['worktree', `${id}-2`],
    ['files', id],
  ]);
  expect([existsSync(gone), existsSync(join(sessions, id))]).toEqual([true, true]);

  expect(await cleanUp(id)).toEqual({ ...told, dry_run: false });
  expect([existsSync(gone), existsSync(stays), readdirSync(sessions)]).toEqual([false, true, []]);
  expect((await cleanUp(id)).removed).toEqual([]);
});

test('a worktree of a lease that may hold stays, and the run goes on', async () => {
  const id = await submitted();
  const { version } = await studio.state(id);
  const later = leaveWorktree(id, version + 1);
  expect((await cleanUp(id)).removed).toEqual([]);
  expect([existsSync(later), (await studio.state(id)).outcome]).toEqual([true, null]);
});

test('commits that are nowhere else stay', async () => {
  const id = await submitted();
  const git = async (...args: readonly string[]) => (await execa('git', args, { cwd: folder })).stdout;
  const tree = await git('write-tree');
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  const commit = await git(...identity, 'commit-tree', tree, '-p', 'HEAD', '-m', 'verified');
  const ref = `refs/studio/${id}/2-1`;
  await git('update-ref', ref, commit);
  await studio.control(id, { command: 'abort', reason: 'a test' });
  expect((await cleanUp(id)).removed).toEqual([]);
  expect(await git('rev-parse', ref)).toBe(commit);
});

test('a session that somebody else drives ends with it', async () => {
  const id = await submitted({ driver: 'outside' });
  leaveSession(id);
  expect((await cleanUp(id)).removed).toMatchObject([{ kind: 'files', name: id }]);
  expect(await studio.state(id)).toMatchObject({ outcome: { kind: 'aborted' } });
});

test('a run that there is not is told, and nothing is removed', async () => {
  expect(await run(['cleanup', 'orch_20200101_000000_aaaaaaaaaaaa'])).toMatchObject({ code: 2, stdout: '' });
});
