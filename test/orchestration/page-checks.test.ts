import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Goal, Verification } from '#contracts';
import { findProgram } from '#workspace';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, untilAsked, untilEnded } from '../support/scene.ts';

const chromium = await findProgram('chromium', process.env.PATH ?? '');
const why = chromium === null ? ' (skipped: no chromium on the PATH)' : '';

const SERVER = `const { readFileSync } = require('node:fs');
require('node:http')
  .createServer((_, response) => response.end(readFileSync('public/index.html')))
  .listen(process.env.PORT, '127.0.0.1');
`;

let scene: Scene;
let repository: string;

const look = (change: Partial<Extract<Verification, { type: 'browser' }>> = {}): Verification => ({
  type: 'browser',
  url: 'public/index.html',
  actions: [],
  assertions: ['Hello', 'no errors'],
  ...change,
});

/** Writes a page, which is looked at as a file and through the server of the project. */
const goalWith = (acceptance: Verification): Goal => ({
  goal: 'Greet on the page',
  workspace: repository,
  workflow: 'build_only',
  plan: {
    id: 'bp_page',
    task_id: 'page',
    goal: 'Greet on the page',
    acceptance_criteria: [{ id: 'AC-1', criterion: 'it greets over HTTP', verification: acceptance, priority: 'must' }],
    quality_gates: { lint: false, typecheck: false, test: false, security: false },
    steps: [
      {
        id: 'step_1',
        name: 'Write the page',
        action: 'write it',
        operations: [{ op: 'write', path: 'public/index.html', content: '<h1>Hello</h1>' }],
        success_criteria: [{ criterion: 'it greets', verification: look() }],
        depends_on: [],
      },
    ],
  },
});

const served = look({ url: 'http://127.0.0.1:{port}/', serve: 'node server.js' });

describe.skipIf(chromium === null)(`a plan with checks in a browser${why}`, () => {
  beforeAll(async () => {
    scene = await setScene({ env: { STUDIO_SANDBOX_MODE: 'auto' } });
    repository = join(scene.folder, 'repository');
    await mkdir(join(repository, 'public'), { recursive: true });
    await writeFile(join(repository, 'public/index.html'), '<h1>Bye</h1>');
    await writeFile(join(repository, 'server.js'), SERVER);
    const git = (...args: readonly string[]) => execa('git', args, { cwd: repository });
    await git('init', '-q', '-b', 'main');
    await git('add', '.');
    await git('-c', 'user.name=T', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'first');
    for (const service of ['router', 'state', 'builder'] as const) scene.fleet.start(service);
    await scene.fleet.ready();
  });
  afterAll(() => scene.end());

  test('shows them failing first, and is done when a browser in the sandbox saw the page', async () => {
    const id = await submitUntilTaken(scene.studio, goalWith(served));
    await untilEnded(scene.studio, [id]);
    const events = await scene.studio.events(id);
    const of = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data);
    expect(of('acceptance.shown')).toMatchObject([{ results: [{ id: 'AC-1', before: 'failed' }] }]);
    expect(of('step.succeeded')).toMatchObject([{ checks: [{ type: 'browser', passed: true, exitCode: 0 }] }]);
    expect(of('acceptance.checked')).toMatchObject([{ results: [{ id: 'AC-1', status: 'passed' }] }]);
    expect((await scene.studio.state(id)).outcome).toMatchObject({ kind: 'completed' });
    expect(await auditOrchestrations(scene)).toEqual([]);
  });

  test('cannot serve a page with a command that is forbidden', async () => {
    const id = await submitUntilTaken(scene.studio, goalWith({ ...served, serve: 'git push --force' } as Verification));
    await untilEnded(scene.studio, [id]);
    const { outcome } = await scene.studio.state(id);
    expect(outcome).toMatchObject({ kind: 'halted', reason: expect.stringContaining('rule git.push-forced') });
  });

  test('asks a person where there is no browser, and says what to install', async () => {
    await writeFile(join(scene.folder, 'host', '.studio', 'config.yaml'), 'browser: { program: false }\n');
    const id = await submitUntilTaken(scene.studio, goalWith(served));
    const { failures, interactions } = await untilAsked(scene.studio, id);
    expect(failures).toMatchObject([{ step: 'step_1', category: 'blocker', attempt: 1 }]);
    expect(JSON.stringify(interactions)).toContain('apt-get install -y chromium');
  });
});
