import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Goal, Operation } from '#contracts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

// Put together here, so that no file of this repository holds it.
const KEY = ['AKIA', 'QWERTZUIOPASDFGH'].join('');

let scene: Scene;
let repository: string;

beforeAll(async () => {
  scene = await setScene();
  repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder');
  await scene.fleet.ready();
});
afterAll(() => scene.end());

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd: repository })).stdout;

/** Two steps: a good one, and one that does this. */
const goalThat = (...operations: readonly Operation[]): Goal => ({
  goal: 'Do two things',
  workspace: repository,
  workflow: 'build_only',
  plan: {
    id: 'bp_two',
    task_id: 'two',
    goal: 'Do two things',
    acceptance_criteria: [],
    quality_gates: { lint: false, typecheck: false, test: false, security: false },
    steps: [
      {
        id: 'step_1',
        name: 'Do a good thing',
        action: 'do it',
        operations: [{ op: 'write', path: 'good.txt', content: 'good\n' }],
        success_criteria: [{ criterion: 'done', verification: { type: 'file_exists', path: 'good.txt' } }],
        depends_on: [],
      },
      {
        id: 'step_2',
        name: 'Do another thing',
        action: 'do it',
        operations: [...operations],
        success_criteria: [{ criterion: 'done', verification: { type: 'command', command: 'true' } }],
        depends_on: ['step_1'],
      },
    ],
  },
});

const run = async (...operations: readonly Operation[]) => {
  const id = await submitUntilTaken(scene.studio, goalThat(...operations));
  await untilEnded(scene.studio, [id]);
  return scene.studio.state(id);
};

test('a violation of security halts a run at once: no second try, no commit, no question', async () => {
  const outside = join(scene.folder, 'host', 'outside.txt');
  const cases: readonly (readonly [says: string, ...operations: readonly Operation[]])[] = [
    ['rule git.push-forced', { op: 'run', command: 'touch ran.txt && git push --force' }],
    ['keys.ts would hold a key of AWS', { op: 'write', path: 'keys.ts', content: `export const id = '${KEY}';\n` }],
    ['link is a link out of the workspace', { op: 'run', command: `ln -s '${outside}' link; echo x > link` }],
    ['config, core.hookspath', { op: 'run', command: 'git config core.hooksPath /tmp/hooks' }],
    ['rule folder.written', { op: 'run', command: `echo x > '${repository}/mine.txt'` }],
  ];
  for (const [says, ...operations] of cases) {
    const state = await run(...operations);
    expect(state.outcome).toMatchObject({ kind: 'halted', reason: expect.stringContaining(says) });
    expect(state.failures).toMatchObject([{ step: 'step_2', category: 'critical', recovery_action: 'halt' }]);
    expect(state.interactions).toEqual([]);
    expect(state.steps.map(({ status, tries }) => `${status} ${tries}`)).toEqual(['completed 0', 'failed 1']);
    const branch = ['ls-tree', '-r', '--name-only', `studio/${state.id}`];
    await waitUntil(
      'the branch holds what was verified before, and nothing else',
      async () => (await git(...branch).catch(() => '')) === 'good.txt',
    );
    await git('config', '--unset', 'core.hooksPath').catch(() => '');
  }
  expect(await git('status', '--porcelain')).toBe('');
  expect(await auditOrchestrations(scene)).toEqual([]);
});

test('a secret that halted a run is nowhere: not in the log, a ref, a branch, nor in what workers say', async () => {
  // Made where it runs: a goal is stored as it was given.
  const [start, rest] = [KEY.slice(0, 4), KEY.slice(4)];
  const state = await run({ op: 'run', command: `printf '%s%s' ${start} ${rest} | tee keys.ts` });
  expect(state.outcome?.kind).toBe('halted');
  const events = await scene.studio.events(state.id);
  expect(JSON.stringify([state, events])).not.toContain(KEY);
  for (const commit of (await git('rev-list', '--all')).split('\n'))
    expect(await execa('git', ['grep', '-q', KEY, commit], { cwd: repository, reject: false })).toMatchObject({
      exitCode: 1,
    });
  for (const member of scene.fleet.members) expect(member.log()).not.toContain(KEY);
});

test('what the configuration allows is no violation, and what it forbids is one', async () => {
  await writeFile(
    join(scene.folder, 'host', '.studio', 'config.yaml'),
    'security:\n  allow: [git.config-global]\n  secret_files: [keys.ts]\n  forbid: [{ pattern: "^terraform ", why: changes what runs }]\n',
  );
  const gitconfig = join(scene.folder, 'host', '.gitconfig');
  const allowed = await run(
    { op: 'run', command: 'git config --global user.name Ada' },
    { op: 'write', path: 'keys.ts', content: `export const id = '${KEY}';\n` },
  );
  expect(allowed.outcome?.kind).toBe('completed');
  expect(await readFile(gitconfig, 'utf8')).toContain('Ada');
  const refused = await run({ op: 'run', command: 'cd . && terraform apply' });
  expect(refused.outcome).toMatchObject({ kind: 'halted', reason: expect.stringContaining('changes what runs') });
});
