import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { connectStudio } from '#client';
import { MalformedEvent } from '#events';
import { createRedisEventLog } from '#events/redis';
import { prune } from '#host/prune';
import { createOrchestrations, loadPolicies } from '#orchestrations';
import { fetchBase, findRepository } from '#repository';
import { studioIn } from '../cli/studio.ts';
import { testFolder } from '../support/folder.ts';
import { builtInConfig } from '../support/orchestration.ts';
import { testRedis } from '../support/redis.ts';

const server = testRedis();
const redis = server.connect();
const config = await builtInConfig();
const LATER = new Date('2100-01-01T00:00:00Z');
const WEEK_AGO = new Date(Date.now() - 7 * 86_400_000);
let installed = 0;

/** A repository with one commit, and an installation that has its runs; worktrees lie as a worker leaves them. */
const install = async () => {
  installed += 1;
  const tag = `${server.tag}:${installed}`;
  const folder = testFolder();
  const shop = join(folder, 'shop');
  const worktrees = join(folder, 'cache', 'studio', 'worktrees');
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const studioDir = join(folder, '.studio');
  for (const path of [shop, worktrees, studioDir]) mkdirSync(path, { recursive: true });
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', shop, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'Start');

  const archiveFolder = async () => join(folder, 'archive');
  const log = createRedisEventLog({ redis, tag, archiveFolder });
  const policies = await loadPolicies({ log, config });
  await policies.publish();
  const orchestrations = createOrchestrations({ log, policies, now: () => new Date(), draw: () => 0.5 });
  const studio = await connectStudio({ redis, tag, config, archiveFolder, actor: 'person:alice' });

  const submit = async (): Promise<string> => {
    const answer = await studio.submit({ goal: 'Fix the typo', workspace: shop });
    if (answer.outcome !== 'created') throw new Error(`expected created, found ${answer.outcome}`);
    return answer.id;
  };
  /** A worker begins. @returns its lease */
  const begin = async (id: string, worker: string): Promise<number> => {
    const ordered = (await studio.events(id)).findLast(({ type }) => type === 'agent.dispatched');
    const who = { id: worker, host: 'here', pid: 1 };
    const command = { type: 'start', dispatch: ordered?.version ?? 0, worker: who } as const;
    const { events } = await orchestrations.execute(id, command, { actor: 'agent:test' });
    return events.at(-1)?.version ?? 0;
  };
  const worktree = (name: string): string => {
    const directory = join(worktrees, name);
    git('worktree', 'add', '-q', '--detach', '--lock', directory, 'HEAD');
    writeFileSync(`${directory}.repository`, join(shop, '.git'));
    return directory;
  };
  /** A commit of a run that is on no branch of people, with its branch and a pin. */
  const work = (id: string, parent = 'HEAD'): string => {
    const commit = git('commit-tree', '-p', parent, '-m', `Work of ${id}`, 'HEAD^{tree}');
    git('update-ref', `refs/studio/${id}/4-1`, commit);
    git('update-ref', `refs/heads/studio/${id}`, commit);
    return commit;
  };
  const land = async (id: string, as: 'applied' | 'discarded', commit: string) => {
    const { version, hash } = await log.head(id);
    const branch = `studio/${id}`;
    await log.append({
      stream: id,
      expected: { version, hash },
      events: [
        as === 'applied'
          ? { type: 'branch.applied', v: 1, data: { branch, commit, into: 'main' } }
          : { type: 'branch.discarded', v: 1, data: { branch } },
      ],
      trace: { actor: 'person:alice', correlationId: id, causationId: null, time: new Date().toISOString() },
      index: { live: false, dueMs: null },
    });
  };
  const refs = () =>
    git('for-each-ref', '--format=%(refname)', 'refs/studio', 'refs/heads/studio').split('\n').filter(Boolean);
  const run = async (dryRun = false, before = WEEK_AGO) => {
    await studio.rebuild();
    return prune({ studio, studioDir, env, before, dryRun });
  };
  return { studio, folder, shop, worktrees, studioDir, env, tag, git, submit, begin, worktree, work, land, refs, run };
};

const pinOf = (id: string) => `refs/studio/${id}/4-1`;
const branchOf = (id: string) => `refs/heads/studio/${id}`;

test('worktrees of leases that have ended go, with what the repository keeps about them; that of a lease that holds stays', async () => {
  const at = await install();
  const id = await at.submit();
  const dead = await at.begin(id, 'first');
  const holds = await at.begin(id, 'second');
  const [left, held] = [at.worktree(`${id}-${dead}`), at.worktree(`${id}-${holds}`)];
  // It began after the log was read: its lease is a version that was not there yet.
  const newer = at.worktree(`${id}-${holds + 5}`);
  const foreign = at.worktree('orch_20200101_000000_aaaaaaaaaaaa-3');
  const { removed, kept } = await at.run();
  expect(removed).toMatchObject([{ kind: 'worktree', name: `${id}-${dead}`, why: 'its lease has ended' }]);
  expect(removed[0]?.bytes).toBeGreaterThan(0);
  expect(kept).toMatchObject([{ kind: 'worktree', why: 'its run is not one of this installation, or cannot be read' }]);
  expect([left, held, newer, foreign].map(existsSync)).toEqual([false, true, true, true]);
  expect(existsSync(`${left}.repository`)).toBe(false);
  expect(at.git('worktree', 'list').split('\n')).toHaveLength(4);
});

test('refs of a run that lives, or that ended and nobody landed, are never touched', async () => {
  const at = await install();
  const [live, over] = [await at.submit(), await at.submit()];
  for (const id of [live, over]) at.work(id);
  await at.studio.control(over, { command: 'abort', reason: null });
  const before = at.refs();
  expect(await at.run()).toMatchObject({ removed: [], kept: [] });
  expect(at.refs()).toEqual(before);
});

test('refs of a run that was discarded go, and those of another installation stay', async () => {
  const at = await install();
  const id = await at.submit();
  const commit = at.work(id);
  at.work('orch_20200101_000000_aaaaaaaaaaaa');
  await at.studio.control(id, { command: 'abort', reason: null });
  await at.land(id, 'discarded', commit);
  const { removed, kept } = await at.run();
  expect(removed.map(({ name }) => name).toSorted()).toEqual([branchOf(id), pinOf(id)]);
  expect(kept).toHaveLength(2);
  expect(at.refs()).toHaveLength(2);
});

test('a branch that is checked out stays, whatever became of its run', async () => {
  const at = await install();
  const id = await at.submit();
  const commit = at.work(id);
  await at.studio.control(id, { command: 'abort', reason: null });
  await at.land(id, 'discarded', commit);
  at.git('checkout', '-q', `studio/${id}`);
  expect(await at.run()).toMatchObject({ kept: [{ name: branchOf(id), why: 'it is checked out' }] });
  expect(at.refs()).toEqual([branchOf(id)]);
});

test('an archived run keeps its commits until a branch of people has them', async () => {
  const at = await install();
  const [first, second] = [await at.submit(), await at.submit()];
  const commit = at.work(first);
  // The same commit, as a fork has it: neither of the two may be the reason why the other goes.
  at.git('update-ref', branchOf(second), commit);
  for (const id of [first, second]) await at.studio.control(id, { command: 'abort', reason: null });
  await at.studio.archive({ before: LATER });
  const { removed, kept } = await at.run();
  expect(removed).toEqual([]);
  expect(kept).toHaveLength(3);
  at.git('merge', '-q', '--ff-only', `studio/${first}`);
  expect((await at.run()).removed).toHaveLength(3);
  expect(at.refs()).toEqual([]);
  expect(at.git('cat-file', '-t', commit)).toBe('commit');
});

test('of a run that was applied and archived only the branch waits for a branch of people', async () => {
  const at = await install();
  const id = await at.submit();
  const commit = at.work(id);
  await at.studio.control(id, { command: 'abort', reason: null });
  await at.land(id, 'applied', commit);
  await at.studio.archive({ before: LATER });
  expect(await at.run()).toMatchObject({ removed: [{ name: pinOf(id) }], kept: [{ name: branchOf(id) }] });
});

test('of a run whose log cannot be read nothing goes, and it keeps nobody from the rest', async () => {
  const at = await install();
  const id = await at.submit();
  at.work(id);
  await at.studio.rebuild();
  const needs = () => Promise.reject(new MalformedEvent(`event 1 of stream ${id} cannot be read`));
  const studio = { ...at.studio, needs };
  const { removed, kept } = await prune({ studio, studioDir: at.studioDir, env: at.env, before: LATER, dryRun: false });
  expect(removed).toEqual([]);
  expect(kept.map(({ why }) => why)).toContain('its run is not one of this installation, or cannot be read');
});

test('caches that nobody used since go, the others stay', async () => {
  const at = await install();
  const place = join(at.env.XDG_CACHE_HOME, 'studio');
  const old = new Date('2020-01-01T00:00:00Z');
  for (const [kind, name] of [
    ['dependencies', 'old'],
    ['dependencies', 'new'],
    ['packages', 'old'],
    ['packages', 'new'],
    ['verdicts', 'old'],
    ['verdicts', 'new'],
  ] as const) {
    const path = join(place, kind, name);
    mkdirSync(kind === 'verdicts' ? join(place, kind) : path, { recursive: true });
    writeFileSync(kind === 'verdicts' ? path : join(path, 'module'), 'x');
    if (name === 'old') utimesSync(path, old, old);
  }
  const { removed } = await at.run();
  expect(removed.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'dependencies old',
    'packages old',
    'verdicts 1 of gates',
  ]);
  expect(readdirSync(join(place, 'dependencies'))).toEqual(['new']);
  expect(readdirSync(join(place, 'packages'))).toEqual(['new']);
  expect(readdirSync(join(place, 'verdicts'))).toEqual(['new']);
});

test('of the copy of a git URL what nothing has named for two weeks goes, once; what is new, or on a branch, stays', async () => {
  const { studio, shop, studioDir, git, run } = await install();
  const url = pathToFileURL(shop).href;
  await studio.submit({ goal: 'Fix the typo', workspace: url });
  const copy = await findRepository({ root: url, studioDir });
  if (copy.remote === null) throw new Error('a git URL is remote');
  const base = await fetchBase(copy);
  const inCopy = (...args: readonly string[]): string => git('--git-dir', copy.gitDir, ...args);
  const write = (text: string): string => {
    const file = join(studioDir, 'text');
    writeFileSync(file, text.repeat(20_000));
    return inCopy('hash-object', '-w', file);
  };
  const [old, fresh] = [write('old'), write('fresh')];
  const path = join(copy.gitDir, 'objects', old.slice(0, 2), old.slice(2));
  utimesSync(path, new Date(0), new Date(Date.now() - 15 * 86_400_000));
  const isThere = (hash: string): boolean =>
    spawnSync('git', ['--git-dir', copy.gitDir, 'cat-file', '-e', hash]).status === 0;
  expect((await run(true)).removed).toMatchObject([{ kind: 'objects', name: url, bytes: 0 }]);
  expect(isThere(old)).toBe(true);
  const { removed } = await run();
  expect(removed).toMatchObject([{ kind: 'objects', name: url, where: join(copy.gitDir, 'objects') }]);
  expect(removed[0]?.bytes).toBeGreaterThan(0);
  expect([old, fresh, base].map(isThere)).toEqual([false, true, true]);
  expect((await run()).removed).toEqual([]);
});

test('old plans of runs whose work was decided about go, those of people and of other runs stay', async () => {
  const at = await install();
  const [done, open] = [await at.submit(), await at.submit()];
  const old = new Date('2020-01-01T00:00:00Z');
  const tasks = [done, open, 'orch_20200101_000000_aaaaaaaaaaaa'].map((id) => id.replace('orch_', 'task_'));
  for (const task of [...tasks, 'T1']) {
    const place = join(at.studioDir, 'tasks', task);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'plan.json'), '{}');
    utimesSync(place, old, old);
  }
  await at.studio.control(done, { command: 'abort', reason: null });
  await at.land(done, 'discarded', at.git('rev-parse', 'HEAD'));
  expect((await at.run()).removed).toMatchObject([{ kind: 'plan', name: done, why: 'its work was discarded' }]);
  expect(readdirSync(join(at.studioDir, 'tasks'))).toHaveLength(3);
});

test('a dry run tells the same and removes nothing; the command line shows it', async () => {
  const at = await install();
  const id = await at.submit();
  const dead = await at.begin(id, 'first');
  await at.begin(id, 'second');
  const left = at.worktree(`${id}-${dead}`);
  const told = await at.run(true);
  expect(told).toMatchObject({ dry_run: true, removed: [{ name: `${id}-${dead}` }] });
  expect(existsSync(left)).toBe(true);
  const cli = studioIn({ REDIS_URL: server.url, STUDIO_TAG: at.tag, STUDIO_DIR: at.studioDir, ...at.env });
  const { code, stdout } = await cli.run(['prune', '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`- worktree ${id}-${dead} .*its lease has ended\n1 thing would be removed`));
  const { dry_run: _told, ...rest } = told;
  const { dry_run: _done, ...done } = await at.run();
  expect(done).toEqual(rest);
  expect(existsSync(left)).toBe(false);
});
