import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inheritedDescriptors } from '#runtime';
import type { Workspace } from '../index.ts';
import { findMarked } from '../processes.ts';
import { createFixture, eventually, exists, type Fixture, ORCHESTRATION, testSandboxes } from '../workspace.fixture.ts';
import { describeSandboxed } from './sandbox.fixture.ts';

/** What nobody in the sandbox may ever see. */
const SECRET = 'a-secret-of-the-person';

let fixture: Fixture;
let workspace: Workspace;
let home: string;
let outsider: ChildProcess;
const servers: Server[] = [];

const run = async (command: string, env: Readonly<Record<string, string>> = {}) => workspace.run(command, { env });
/** Runs it, and answers what it printed; whether it failed is of no interest where it must not work. */
const attempt = async (command: string) => (await run(command)).output;
const node = (script: string, ...args: readonly string[]) =>
  `node -e '${script}' ${args.map((arg) => `'${arg}'`).join(' ')}`;

const listen = async (where: string | { host: string; port: number }): Promise<Server> => {
  const server = createServer((socket) => socket.on('error', () => undefined).end(SECRET));
  servers.push(server);
  if (typeof where === 'string') server.listen(where);
  else server.listen(where);
  await once(server, 'listening');
  return server;
};
const portOf = (server: Server) => {
  const address = server.address();
  return String(typeof address === 'object' ? address?.port : address);
};
/** Says `connected` and what came, or why not. */
const CONNECT =
  'const [path, host] = process.argv.slice(1); const s = require("net").connect(host ? { port: +path, host } : { path: path.replace("@", "\\0") });' +
  's.on("connect", () => console.log("connected")).on("data", (d) => console.log(String(d))).on("error", (e) => console.log(e.code)).setTimeout(30000, () => s.destroy(new Error("late")));';

const HOME_FILES = ['.ssh/id_ed25519', '.aws/credentials', '.netrc', '.studio/config.yaml', 'other project/.env'];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'studio person-'));
  fixture = await createFixture({ ...process.env, HOME: home, OWN_TOKEN: SECRET });
  await fixture.repository({ 'a.txt': 'one\n' });
  for (const name of HOME_FILES) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), SECRET);
  }
  await writeFile(join(home, '.npmrc'), `fund=false\n//registry.example/:_authToken=${SECRET}\n`);
  outsider = spawn('sleep', ['600'], { env: { PATH: process.env.PATH ?? '', HIDDEN: SECRET }, stdio: 'ignore' });
  workspace = await fixture.open({ sandboxes: testSandboxes(process.env) });
});
afterAll(async () => {
  outsider.kill('SIGKILL');
  for (const server of servers) server.close();
  await fixture.end();
  await rm(home, { recursive: true, force: true });
});

describeSandboxed(await testSandboxes(process.env).detect(), 'in the sandbox', () => {
  test('the worktree is written, and what is written there is the work', async () => {
    expect(await run('echo two > b.txt && mkdir -p c/d && echo three > c/d/e.txt')).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(workspace.directory, 'c/d/e.txt'), 'utf8')).toBe('three\n');
  });

  test('a link out of the worktree leads nowhere, to read and to write', async () => {
    await symlink(join(home, '.netrc'), join(workspace.directory, 'to-file'));
    await symlink(home, join(workspace.directory, 'to-folder'));
    const output = await attempt(
      'cat to-file; cat to-folder/.netrc; echo x > to-file; echo x > to-folder/new; rm ~/.netrc ~/new',
    );
    await rm(join(workspace.directory, 'to-file'));
    await rm(join(workspace.directory, 'to-folder'));
    expect(output).not.toContain(SECRET);
    expect(await readFile(join(home, '.netrc'), 'utf8')).toBe(SECRET);
    expect(await exists(join(home, 'new'))).toBe(false);
  });

  test('neither .. nor an absolute path leads to files of the person, of other runs or of the system', async () => {
    const other = join(fixture.cacheDir, 'worktrees', 'orch_other-1');
    await mkdir(other, { recursive: true });
    await writeFile(join(other, 'a.txt'), SECRET);
    const files = [...HOME_FILES.map((name) => join(home, name)), join(other, 'a.txt'), join(fixture.root, 'a.txt')];
    const tries = files.map((file) => `cat "${file}" || echo no; (echo x >> "${file}")`);
    const output = await attempt(`exec 2>/dev/null; ${tries.join('; ')}; cat ../orch_other-1/a.txt; echo x > ../new`);
    expect(output).toBe('no\n'.repeat(files.length));
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual([
      ...HOME_FILES.map(() => SECRET),
      SECRET,
      'one\n',
    ]);
    expect(await exists(join(workspace.directory, '../new'))).toBe(false);
    const places = '/etc/passwd /etc/new /usr/bin/new /usr/local/new /opt/new /new /run/new /var/new';
    expect(await attempt(`for place in ${places}; do (: >> $place) && echo ${SECRET}; done`)).not.toContain(SECRET);
    for (const place of places.split(' ').slice(1)) expect(await exists(place)).toBe(false);
  });

  test('the home folder is one of its own: empty but for settings, and gone with the lease', async () => {
    const output = await attempt(
      'ls -A ~; cat ~/.npmrc; echo x > ~/.bashrc && mkdir -p ~/.ssh && echo x > ~/.ssh/authorized_keys',
    );
    expect(output).toContain('fund=false');
    expect(output).not.toContain(SECRET);
    expect(output.split('\n')).not.toContain('.aws');
    expect(await exists(join(home, '.bashrc'))).toBe(false);
    expect(await readdir(join(home, '.ssh'))).toEqual(['id_ed25519']);
  });

  test('git works, on a copy: hooks, settings, refs and objects of the repository stay as they are', async () => {
    const common = join(fixture.root, '.git');
    const look = () =>
      fixture.sh('find . -type f -not -path "./worktrees/*" | sort | xargs -d "\\n" sha256sum', common);
    const before = await look();
    const { output, exitCode } = await run(
      [
        'set -e; git config user.name E; git config user.email e@e; echo c > c.txt; git add -A; git commit -q -m inside',
        'common=$(git rev-parse --git-common-dir); printf "#!/bin/sh\\ntrue\\n" > "$common/hooks/post-commit"; chmod +x "$common/hooks/post-commit"',
        'git config core.hooksPath /tmp; git config alias.status "!touch evil"; git branch evil; git update-ref refs/heads/main HEAD',
        'git tag evil; git log --oneline | wc -l; rm -rf "$common/refs" "$common/objects" || true',
      ].join('\n'),
    );
    expect({ output, exitCode }).toEqual({ output: '2\n', exitCode: 0 });
    expect(await look()).toBe(before);
    await attempt('rm -f .git; git init -q .; echo "[core]\nfsmonitor = touch evil" >> .git/config');
    expect(await workspace.commitAll('work')).toMatch(/^[0-9a-f]{40}$/);
    expect(await fixture.sh('git fsck --strict 2>&1 && git show --name-only --format= HEAD', fixture.root)).toContain(
      'a.txt',
    );
    expect(await exists(join(workspace.directory, 'evil'))).toBe(false);
  });

  test('no process outside is seen, read, signalled or traced', async () => {
    const output = await attempt(
      `cat /proc/[0-9]*/environ | tr '\\0' '\\n'; cat '/proc/1/root${home}/.netrc' '/proc/self/root${home}/.netrc'; ls -d /proc/${outsider.pid}`,
    );
    expect(output).not.toContain(SECRET);
    expect(output).toContain(`/proc/${outsider.pid}`);
    const said = await attempt(`kill -9 ${outsider.pid}; kill -0 ${process.pid} && echo ${SECRET}`);
    expect(said).not.toContain(SECRET);
    expect(outsider.exitCode ?? outsider.signalCode).toBeNull();
    const { output: status } = await run('cat /proc/self/status');
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
  });

  test('no descriptor of the worker is passed on', async () => {
    expect((await attempt('ls /proc/$$/fd')).trim().split('\n').map(Number)).toEqual([
      0,
      1,
      2,
      ...inheritedDescriptors(),
    ]);
  });

  test('the environment is the clean one', async () => {
    const output = await attempt('env; cat /proc/1/environ');
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain('OWN_TOKEN');
  });

  test('sockets of the machine are not there, those in the file system and abstract ones', async () => {
    const path = join(home, 'redis.sock');
    const name = `@studio-test-${process.pid}`;
    await listen(path);
    await listen(name.replace('@', '\0'));
    expect(await fixture.sh(node(CONNECT, path))).toContain(SECRET);
    expect(await fixture.sh(node(CONNECT, name))).toContain(SECRET);
    expect(await attempt(node(CONNECT, path))).toBe('ENOENT\n');
    expect(await attempt(node(CONNECT, name))).toBe('ECONNREFUSED\n');
    expect(await attempt('ls /run /var/run 2>/dev/null | grep -c -E "docker|dbus|redis|systemd"')).toBe('0\n');
  });

  test('no service of the machine is reached, on loopback or on its address', async () => {
    const port = portOf(await listen({ host: '0.0.0.0', port: 0 }));
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';
    expect(await fixture.sh(node(CONNECT, port, '127.0.0.1'))).toContain(SECRET);
    expect(await attempt(node(CONNECT, port, '127.0.0.1'))).toBe('ECONNREFUSED\n');
    expect(await attempt(node(CONNECT, port, own))).toMatch(/^(ENETUNREACH|ECONNREFUSED|EHOSTUNREACH)\n$/);
    expect(await attempt(`node -e 'require("dns").lookup("example.com", (e) => console.log(e.code))'`)).toMatch(
      /^(EAI_AGAIN|ENOTFOUND)\n$/,
    );
  });

  test('a program that listens is reached by the others of the command', async () => {
    const script =
      'const s = require("http").createServer((q, r) => r.end("hello")).listen(4321, "127.0.0.1", () => fetch("http://127.0.0.1:4321").then((r) => r.text()).then((t) => { console.log(t); s.close(); }));';
    expect(await run(`node -e '${script}'`)).toMatchObject({ exitCode: 0, output: 'hello\n' });
  });

  test('what runs in the background ends with the command, whatever it did to leave it', async () => {
    const before = await findMarked((mark) => mark.startsWith(ORCHESTRATION));
    const leaving =
      '(setsid sh -c "nohup sleep 300 & exec sleep 300" &) >/dev/null 2>&1; sh -c "sleep 300 & disown 2>/dev/null" &';
    expect(await run(`${leaving} echo done`)).toMatchObject({ exitCode: 0, output: 'done\n' });
    await eventually(async () => {
      const now = await findMarked((mark) => mark.startsWith(ORCHESTRATION));
      return now.every((pid) => before.includes(pid));
    });
  });

  test('there is no terminal to type into', async () => {
    expect(await attempt('tty; cat < /dev/tty 2>&1 | head -1; exec 2>&1; : > /dev/tty')).toMatch(/not a tty/);
    expect(await attempt('cat /proc/self/stat | cut -d" " -f7')).toBe('0\n');
  });

  test('nothing is mounted, no namespace is made, no device and no setting of the kernel is there', async () => {
    const tricks = [
      'mount -t tmpfs none .',
      'mount -o remount,rw /usr',
      'umount ~',
      'unshare -Ur true',
      'unshare -m true',
      'chroot / true',
      'mknod /tmp/disk b 8 0',
      ': >> /proc/sys/kernel/core_pattern',
      ': >> /proc/sysrq-trigger',
      ': >> /proc/irq/default_smp_affinity',
      'ls /dev/sda /dev/vda /dev/kmsg /dev/mem',
      'nsenter -t 1 -m true',
    ];
    const script = tricks.map((trick) => `if (${trick}) 2>/dev/null; then echo '${trick}'; fi`).join('\n');
    expect(await attempt(script)).toBe('');
  });
});
