import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Workspace } from '../index.ts';
import { createFixture, type Fixture, testSandboxes } from '../workspace.fixture.ts';
import { describeSandboxed } from './sandbox.fixture.ts';

let fixture: Fixture;
let workspace: Workspace;
let home: string;
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
  await writeFile(join(home, 'engines', 'program.sh'), 'cat "$(dirname "$0")/file"; cat ~/private/file 2>/dev/null\n');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  fixture = await createFixture({ ...process.env, HOME: home });
  await fixture.repository();
  workspace = await fixture.open({
    sandboxes: testSandboxes(process.env, {
      models: [`127.0.0.1:${port}`, 'models.example:443'],
      engines: { mine: { read: ['~/private'], allow: ['mine.example'] } },
    }),
  });
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

  test('keeps its login and conversations where it is an agent that many use, and cannot change its settings', async () => {
    const write = 'echo x > ~/.claude/new && echo written; (echo x > ~/.claude/settings.json) || echo refused';
    expect(await said(`true claude && exec 2>/dev/null; ${write}; ls ~/.codex`)).toBe('written\nrefused');
    expect(await readFile(join(home, '.claude', 'new'), 'utf8')).toBe('x\n');
    expect(await readFile(join(home, '.claude', 'settings.json'), 'utf8')).toBe('{}');
  });

  test('reaches a model on this machine that the configuration names', async () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await said(`node -e 'fetch("http://127.0.0.1:${port}").then((r) => r.text()).then(console.log)'`)).toBe(
      'a model',
    );
  });
});
