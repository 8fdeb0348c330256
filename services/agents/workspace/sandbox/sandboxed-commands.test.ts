import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Workspace } from '../index.ts';
import { findMarked } from '../processes.ts';
import { createFixture, eventually, type Fixture, ORCHESTRATION, testSandboxes } from '../workspace.fixture.ts';
import { describeSandboxed } from './sandbox.fixture.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await createFixture(process.env);
  await fixture.repository();
});
afterEach(() => fixture.end());

const open = (policy: Parameters<typeof testSandboxes>[1] = {}) =>
  fixture.open({ sandboxes: testSandboxes(process.env, policy) });
const alive = () => findMarked((mark) => mark.startsWith(ORCHESTRATION));
const started = (workspace: Workspace, file: string) => () =>
  readFile(join(workspace.directory, file), 'utf8').then(
    (text) => text !== '',
    () => false,
  );
const portOf = (server: Server) => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const serve = async (): Promise<Server> => {
  const server = createServer((_, response) => response.end('from outside'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};
const GET = (url: string) =>
  `node -e 'fetch("${url}").then((r) => r.text()).then((t) => console.log(t), (e) => console.log(e.cause.code))'`;
/** Through the proxy, as programs do that read the variables. */
const ASK_PROXY = (url: string) =>
  `node -e 'const p = new URL(process.env.http_proxy); require("http").get({ host: p.hostname, port: p.port, path: "${url}", headers: { host: new URL("${url}").host } }, (r) => { console.log(r.statusCode); r.pipe(process.stdout); })'`;

describeSandboxed(await testSandboxes(process.env).detect(), 'a command in the sandbox', () => {
  test('ends with its exit code, both streams in order and its time', async () => {
    const workspace = await open();
    const outcome = await workspace.run('echo out; echo err >&2; echo end; exit 3', {
      stepKey: 'k',
      env: { MORE: 'm' },
    });
    expect(outcome).toMatchObject({ exitCode: 3, signal: null, timedOut: false, output: 'out\nerr\nend\n' });
    expect((await workspace.run('echo $MORE $STUDIO_STEP_KEY', { stepKey: 'k', env: { MORE: 'm' } })).output).toBe(
      'm k\n',
    );
  });

  test('is asked to end before it is killed when its time is over', async () => {
    const workspace = await open();
    const polite = `trap 'echo asked; exit 0' TERM; echo begun; while :; do sleep 0.05; done`;
    expect(await workspace.run(polite, { timeoutMs: 5_000 })).toMatchObject({
      timedOut: true,
      output: expect.stringMatching(/^begun\n(?:Terminated\n)?asked\n$/),
    });
    const stubborn = `trap '' TERM; (setsid sleep 300 &); echo begun; while :; do sleep 0.05; done`;
    const before = await alive();
    const outcome = await workspace.run(stubborn, { timeoutMs: 4_000 });
    expect(outcome).toMatchObject({ timedOut: true, signal: 'SIGKILL', output: 'begun\n' });
    expect(await alive()).toEqual(before);
  });

  test('is asked to end by an abort, and waited for no longer than that', async () => {
    const workspace = await open();
    const stop = new AbortController();
    const settled = workspace
      .run(`trap 'echo x > asked; exit' TERM; echo x > ready; sleep 300 & wait`, { signal: stop.signal })
      .catch((error: unknown) => error);
    await eventually(started(workspace, 'ready'));
    stop.abort(new Error('stop'));
    expect(await settled).toEqual(new Error('stop'));
    expect(await started(workspace, 'asked')()).toBe(true);
    await workspace.dispose();
    expect(await alive()).toEqual([]);
  });

  test('does not survive the SIGKILL of its worker, with all that it started and the network that it had', async () => {
    const script = fileURLToPath(new URL('../worker.fixture.ts', import.meta.url));
    const command =
      '(setsid sleep 300 &) >/dev/null 2>&1; trap "" TERM; echo ready > ready; while :; do sleep 0.2; done';
    const args = [fixture.home, fixture.root, command, process.env.PATH ?? '', ORCHESTRATION, 'sandboxed'];
    const worker = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: 'ignore' });
    const place = join(fixture.cacheDir, 'worktrees', `${ORCHESTRATION}-4`, 'ready');
    await eventually(() =>
      readFile(place).then(
        () => true,
        () => false,
      ),
    );
    expect((await alive()).length).toBeGreaterThan(2);
    worker.kill('SIGKILL');
    await eventually(async () => (await alive()).length === 0);
  });

  test('sees what was committed outside of it', async () => {
    const workspace = await open();
    await workspace.run('echo two > a.txt');
    await workspace.commitAll('Second');
    expect((await workspace.run('git log --format=%s; git status --porcelain')).output).toBe('Second\nfirst\n');
  });

  test('finds the caches of its repository again in the next lease, and its home folder not', async () => {
    const first = await open();
    await first.run('echo kept > ~/.npm/kept; echo kept > ~/.cache/kept; echo gone > ~/gone; echo gone > /tmp/gone');
    await first.dispose();
    const { output } = await (await open()).run('cat ~/.npm/kept ~/.cache/kept ~/gone /tmp/gone 2>/dev/null');
    expect(output).toBe('kept\nkept\n');
  });

  test('reaches a service of this machine that is allowed by its port, and no other', async () => {
    const [named, other] = await Promise.all([serve(), serve()]);
    const workspace = await open({ allow: [`localhost:${portOf(named)}`] });
    expect((await workspace.run(GET(`http://127.0.0.1:${portOf(named)}`))).output).toBe('from outside\n');
    expect((await workspace.run(GET(`http://127.0.0.1:${portOf(other)}`))).output).toBe('ECONNREFUSED\n');
    named.close();
    other.close();
  });

  test('reaches hosts that are allowed, is told of others, and by no name this machine', async () => {
    const server = await serve();
    const port = portOf(server);
    const workspace = await open({ allow: ['allowed.example', `127.0.0.2:${port}`, `localhost.localdomain:${port}`] });
    const refused = await workspace.run(ASK_PROXY('http://elsewhere.example/'));
    expect(refused.output).toMatch(/^403\nthe sandbox does not allow elsewhere.example:80/);
    expect(refused.output).toContain('[sandbox] elsewhere.example:80 was refused');
    expect((await workspace.run(ASK_PROXY(`http://localhost.localdomain:${port}/`))).output).toMatch(/^502\n/);
    server.close();
  });

  test('has no network where there is to be none, and yours where it is open', async () => {
    const server = await serve();
    const url = `http://127.0.0.1:${portOf(server)}`;
    expect((await (await open({ network: 'none' })).run(GET(url))).output).toBe('ECONNREFUSED\n');
    expect((await (await open({ network: 'open' })).run(GET(url))).output).toBe('from outside\n');
    server.close();
  });

  test('reads and writes what the configuration names', async () => {
    await fixture.sh('mkdir -p read write && echo text > read/a', fixture.home);
    const [read, write] = [join(fixture.home, 'read'), join(fixture.home, 'write')];
    const workspace = await open({ read: [read], write: [write, join(fixture.home, 'not there')] });
    const { output } = await workspace.run(`cat '${read}/a'; echo x > '${write}/b'; echo x > '${read}/b'`);
    expect(output).toMatch(/^text\n.*Read-only file system\n\[sandbox\] only the worktree/s);
    expect(await fixture.sh('ls read write', fixture.home)).toBe('read:\na\n\nwrite:\nb');
  });
});
