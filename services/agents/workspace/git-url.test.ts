import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  applyBranch,
  deleteRef,
  diffOf,
  discardBranch,
  findRepository,
  isHeldElsewhere,
  listKeptRefs,
  missingCommits,
} from '#repository';
import type { OpenWorkspaceRequest } from './index.ts';
import { createFixture, type Fixture, ORCHESTRATION } from './workspace.fixture.ts';

let fixture: Fixture;
let url: string;
/** Where this machine and another one keep what is theirs. */
let here: Pick<OpenWorkspaceRequest, 'root' | 'studioDir' | 'cacheDir'>;
let there: typeof here;
const branch = `studio/${ORCHESTRATION}`;

beforeEach(async () => {
  fixture = await createFixture(process.env);
  await fixture.repository();
  await fixture.sh('git tag v1 && git branch old && git commit -q --allow-empty -m second');
  await fixture.sh(`git clone -q --bare . '${join(fixture.home, 'server')}'`);
  url = pathToFileURL(join(fixture.home, 'server')).href;
  const machine = (name: string) => ({
    root: url,
    studioDir: join(fixture.home, name, '.studio'),
    cacheDir: join(fixture.home, name, 'cache'),
  });
  here = machine('here');
  there = machine('there');
});
afterEach(() => fixture.end());

const server = (command: string) => fixture.sh(command, join(fixture.home, 'server'));

/** A verified step, as a builder of this machine leaves it. */
const step = async (request: Partial<OpenWorkspaceRequest>, file: string) => {
  const workspace = await fixture.open({ ...here, ...request });
  await writeFile(join(workspace.directory, file), 'new\n');
  const commit = String(await workspace.commitAll(file));
  await workspace.pin(commit, 1);
  return { workspace, base: workspace.base, commit };
};

test('work begins at HEAD, at a branch or at a tag of the server, as it is now', async () => {
  const [first, second] = (await server('git rev-parse v1 main')).split('\n');
  expect((await fixture.open(here)).base).toBe(second);
  for (const ref of ['v1', 'old']) expect((await fixture.open({ ...here, root: `${url}#${ref}` })).base).toBe(first);
  await server('git update-ref refs/heads/main v1');
  expect((await fixture.open(here)).base).toBe(first);
  await expect(fixture.open({ ...here, root: `${url}#gone` })).rejects.toMatchObject({
    code: 'workspace.ref_missing',
    remedy: 'change',
  });
});

test('another machine goes on from a pinned commit, and knows one that is nowhere', async () => {
  const { base, commit } = await step({}, 'b.txt');
  const gone = 'a'.repeat(40);
  expect(await missingCommits(await findRepository(there), [base, gone, commit])).toEqual([gone]);
  const next = await step({ ...there, base, from: commit, lease: 9 }, 'c.txt');
  expect(await server(`git log --format=%s ${base}..${next.commit}`)).toBe('c.txt\nb.txt');
  expect(await diffOf({ ...here, base, commit: next.commit })).toContain('+++ b/c.txt');
});

test('its branch is moved from where the log has it, and stays where somebody else put it', async () => {
  const { workspace, base, commit } = await step({}, 'b.txt');
  await workspace.publish?.([]);
  expect(await server(`git rev-parse ${branch}`)).toBe(commit);
  const next = await step({ ...there, base, from: commit, lease: 9 }, 'c.txt');
  await next.workspace.publish?.([]);
  expect(await server(`git rev-parse ${branch}`)).toBe(commit);
  await next.workspace.publish?.([commit]);
  expect(await server(`git rev-parse ${branch}`)).toBe(next.commit);
});

test('it is offered and not applied, and discarding it leaves nothing on the server', async () => {
  const { base, commit } = await step({}, 'b.txt');
  const applied = await applyBranch({ ...there, branch, base, commit });
  expect(applied).toMatchObject({ applied: false, command: expect.stringContaining(`${branch} && git merge`) });
  expect(await server(`git rev-parse ${branch}`)).toBe(commit);
  await server(`git update-ref refs/heads/${branch} main~1`);
  expect(await applyBranch({ ...there, branch, base, commit })).toEqual(applied);
  await server(`git update-ref refs/heads/${branch} $(git commit-tree -m other main^{tree})`);
  expect(await applyBranch({ ...there, branch, base, commit })).toMatchObject({
    reason: expect.stringMatching(/moved/),
  });
  const task = 'orch_20260101_000000_000000000000';
  await server(`git update-ref refs/studio/${task}/9-1 main`);
  const refs = await discardBranch({ ...there, branch, orchestration: ORCHESTRATION, tasks: [task] });
  expect(refs.toSorted()).toEqual([
    `refs/heads/${branch}`,
    `refs/studio/${task}/9-1`,
    `refs/studio/${ORCHESTRATION}/4-1`,
    `refs/studio/${ORCHESTRATION}/base`,
  ]);
  expect(await server("git for-each-ref '--format=%(refname)' refs/heads refs/studio")).toBe(
    'refs/heads/main\nrefs/heads/old',
  );
});

test('what is kept for runs is looked at, and removed, on the server', async () => {
  const { commit } = await step({}, 'b.txt');
  const repository = await findRepository(there);
  const kept = await listKeptRefs(repository);
  expect(kept.map(({ ref }) => ref)).toEqual([`refs/studio/${ORCHESTRATION}/4-1`, `refs/studio/${ORCHESTRATION}/base`]);
  const work = { ref: `refs/studio/${ORCHESTRATION}/4-1`, commit };
  expect(await isHeldElsewhere(repository, work)).toBe(false);
  await server(`git update-ref refs/heads/main ${commit}`);
  await listKeptRefs(repository);
  expect(await isHeldElsewhere(repository, work)).toBe(true);
  expect(await deleteRef(repository, work)).toBe(true);
  expect(await server("git for-each-ref '--format=%(refname)' refs/studio")).toBe(`refs/studio/${ORCHESTRATION}/base`);
});

test('a machine that comes first makes its copy once, however many begin together', async () => {
  const runs = [1, 2, 3, 4].map((last) => `${ORCHESTRATION.slice(0, -1)}${last}`);
  const opened = await Promise.all(runs.map((orchestration) => fixture.open({ ...here, orchestration })));
  expect(new Set(opened.map(({ base }) => base)).size).toBe(1);
});

test.each([
  [401, 'workspace.remote_denied', 'change'],
  [404, 'workspace.remote_missing', 'change'],
  [503, 'workspace.remote_failed', 'retry'],
])('a server that answers %s is told as %s', async (status, code, remedy) => {
  const web = createServer((_request, response) => void response.writeHead(status).end());
  await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve));
  const { port } = web.address() as AddressInfo;
  try {
    const root = `http://127.0.0.1:${port}/name.git`;
    await expect(fixture.open({ ...here, root })).rejects.toMatchObject({ code, remedy });
  } finally {
    web.close();
  }
});
