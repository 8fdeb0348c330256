import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Workspace } from '../index.ts';
import { createFixture, eventually, type Fixture, testSandboxes } from '../workspace.fixture.ts';
import { describeSandboxed } from './sandbox.fixture.ts';

let fixture: Fixture;
let workspace: Workspace;
let home: string;
let workspaceSandboxes: () => ReturnType<typeof testSandboxes>;
const server = createServer((_, response) => response.end('a model'));

const sh = (command: string) => ({ file: '/bin/sh', args: ['-c', command] });
const said = async (command: string, needs?: Parameters<Workspace['confine']>[1]): Promise<string> => {
  const { file, args } = workspace.confine(sh(command), needs);
  const env = await workspace.programEnvironment('key');
  const { all } = await execa(file, args, {
    cwd: workspace.directory,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
  return all;
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'studio-person-'));
  for (const name of ['.claude', '.codex', 'engines', 'private'])
    await mkdir(join(home, name), { recursive: true }).then(() => writeFile(join(home, name, 'file'), name));
  await writeFile(join(home, '.claude', 'settings.json'), '{}');
  await writeFile(join(home, '.claude', '.credentials.json'), '{"token":1}');
  await writeFile(join(home, '.claude.json'), '{"state":1}');
  await writeFile(join(home, 'private', 'document'), '{"secret":1}');
  await writeFile(join(home, 'engines', 'program.sh'), 'cat "$(dirname "$0")/file"; cat ~/private/file 2>/dev/null\n');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  fixture = await createFixture({ ...process.env, HOME: home });
  await fixture.repository();
  workspaceSandboxes = () =>
    testSandboxes(process.env, {
      models: [`127.0.0.1:${port}`, 'models.example:443'],
      engines: { mine: { read: ['~/private'], allow: ['mine.example'] } },
    });
  workspace = await fixture.open({ sandboxes: workspaceSandboxes() });
  await workspace.programEnvironment('key');
});
afterAll(async () => {
  server.close();
  await fixture.end();
  await rm(home, { recursive: true, force: true });
});

describeSandboxed(await testSandboxes(process.env).detect(), 'the program of an engine in the sandbox', () => {
  test('reads what its command line names, with what lies beside it, and nothing that a prompt names', async () => {
    expect(await said(`sh ${home}/engines/program.sh`)).toBe('engines');
    expect(await said(`sh -c 'cat ${home}/private/file || echo none' 2>/dev/null`)).toBe('none');
  });

  test('reads and reaches what the configuration says of its engine', async () => {
    expect(await said(`sh ${home}/engines/program.sh`, { engine: 'mine' })).toBe('enginesprivate');
    const proxy = 'echo $HTTPS_PROXY | grep -c "engine:[0-9a-f]*@"';
    expect(await said(proxy, { engine: 'mine' })).toBe('1');
    expect((await workspace.run(proxy)).output).toBe('0\n');
  });

  test('has a folder of its own where it is an agent that many use, and settings that it cannot change', async () => {
    const look = () => fixture.sh('find .claude .claude.json .codex -type f | sort | xargs sha256sum', home);
    const before = await look();
    const plant =
      'for at in hooks/evil settings.local.json .claude.json; do mkdir -p $(dirname $at); echo x > $at; done';
    const agent = 'true claude && cd ~/.claude && exec 2>/dev/null';
    expect(await said(`${agent}; cat .credentials.json .claude.json settings.json; ${plant}`)).toBe(
      '{"token":1}{"state":1}{}',
    );
    expect(await said(`${agent}; cat hooks/evil; (echo x > settings.json) || mv settings.json y || echo kept`)).toBe(
      'x\nkept',
    );
    expect(await said(`${agent}; ls ~/.codex ~/.claude.json`)).toBe('');
    expect((await workspace.run('ls -A ~/.claude 2>/dev/null')).output).toBe('');
    expect(await look()).toBe(before);
  });

  test('renews its login, which is all that a person has of it, and takes over one that was renewed elsewhere', async () => {
    const file = join(home, '.claude', '.credentials.json');
    const login = () => readFile(file, 'utf8');
    const agent = 'true claude && cd ~/.claude && exec 2>/dev/null';
    await said(`${agent}; echo '{"token":2}' > new; mv new .credentials.json`);
    await eventually(async () => (await login()) === '{"token":2}\n');
    await writeFile(file, '{"token":3}');
    await eventually(async () => (await said(`${agent}; cat .credentials.json`)) === '{"token":3}');
    await said(`${agent}; ln -sf ${home}/private/document .credentials.json`);
    await said(`${agent}; echo half > .credentials.json`);
    await said(`${agent}; echo '{"token":4,"url":"evil.example"}' > .credentials.json`);
    expect(await login()).toBe('{"token":3}');
  });

  test('finds its conversations again in the next lease of the repository, and nothing else', async () => {
    const write = 'true claude && cd ~/.claude && echo said > projects/one && echo x > CLAUDE.md';
    await said(write);
    await workspace.dispose();
    workspace = await fixture.open({ lease: 6, sandboxes: workspaceSandboxes() });
    await workspace.programEnvironment('key');
    expect(await said('true claude && cd ~/.claude && cat projects/one; ls -A')).toBe(
      'said\n.claude.json\n.credentials.json\nprojects\nsettings.json',
    );
    expect(await readFile(join(home, '.claude', '.credentials.json'), 'utf8')).toBe('{"token":3}');
  });

  test('reaches a model on this machine that the configuration names', async () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await said(`node -e 'fetch("http://127.0.0.1:${port}").then((r) => r.text()).then(console.log)'`)).toBe(
      'a model',
    );
  });
});
