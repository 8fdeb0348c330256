import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StateDocument } from '#contracts';
import { runCli } from '../../cli/run-cli.ts';
import { openSession } from '../../cli/session.ts';
import { submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { branchFiles, spansOf } from '../support/task-goals.ts';
import { taskScene } from '../support/task-scene.ts';

/** What the tasks of these tests are: nobody has to think about them. */
const RECIPES = {
  'write-file.yaml': `
name: write-file
version: 1
description: writes a file that holds its name
example: Write the file a
signals: ['\\bwrite the file (?<name>\\w+)']
parameters: { name: { description: its name } }
steps:
  - name: Write {{ name }}
    action: Write it.
    operations: [{ op: write, path: '{{ name }}.txt', content: "{{ name }}\\n" }]
    success_criteria:
      - { criterion: it is there, verification: { type: file_exists, path: '{{ name }}.txt' } }
`,
  'publish.yaml': `
name: publish
version: 1
description: says what a server says that found a secret
example: Publish the secret
signals: ['\\bpublish the secret']
steps:
  - name: Publish
    action: Publish it.
    operations: [{ op: run, command: 'echo "GH013: push protection found a secret"; exit 1' }]
    success_criteria: [{ criterion: it did, verification: { type: command, command: 'true' } }]
`,
};

const at = taskScene({ agents: { architect: 1, planner: 2, builder: 3 }, recipes: RECIPES });

/** The command line in this process, with nobody at the terminal. */
const studio = async (...argv: readonly string[]) => {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({
    isTTY: false,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await runCli(argv, {
    io: {
      stdout: output('stdout'),
      stderr: output('stderr'),
      stdin: process.stdin,
      env: { PATH: process.env.PATH, REDIS_URL: at.scene.server.url, STUDIO_TAG: at.scene.tag },
      cwd: at.repository,
      interactive: false,
      program: 'studio',
      now: () => new Date(),
      onInterrupt: () => () => {},
    },
    openSession,
    version: '1.2.3',
  });
  return { code, ...written };
};

const SPECIFICATION = `# Letters

## Vowels

- [ ] Write the file a
- [ ] Write the file e (depends on: T1)

## Consonants

- [ ] Write the file b
`;

test('a specification in Markdown is cut into tasks, which are planned, built and merged', async () => {
  await writeFile(join(at.repository, 'letters.md'), SPECIFICATION);
  const { code, stdout, stderr } = await studio('build', 'letters.md');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('✓ map from specification: 3 tasks');
  expect(stdout).toContain('T2 Write the file e (after T1)');
  expect(stdout).toContain('✓ Done: Letters');
  expect(stdout).toMatch(/tasks +3 of 3 tasks/);

  const [, id = ''] = /(orch_\w+)/.exec(stdout) ?? [];
  const state = StateDocument.parse(JSON.parse((await studio('state', id, '--json')).stdout));
  expect(state.routing?.agent_sequence.map(({ agent, status }) => `${agent} ${status}`)).toEqual([
    'architect completed',
    'builder completed',
  ]);
  expect(state.tasks.map(({ status, merged }) => `${status} ${merged}`)).toEqual(Array(3).fill('completed true'));
  expect(await branchFiles(at.repository, state)).toEqual({ 'a.txt': 'a', 'b.txt': 'b', 'e.txt': 'e' });
  const spans = spansOf(await at.scene.studio.events(id));
  expect(spans.get('T2')?.[0]).toBeGreaterThanOrEqual(spans.get('T1')?.[1] ?? Number.POSITIVE_INFINITY);
});

test('of eight tasks one fails: exit 1, how many completed, and the branch holds the seven', async () => {
  const tasks = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `Write the file ${name}`);
  const args = [...tasks.slice(0, 3), 'Publish the secret', ...tasks.slice(3)].flatMap((task) => ['--task', task]);
  const { code, stdout } = await studio('build', 'Write some files', ...args);
  expect(code, stdout).toBe(1);
  expect(stdout).toContain('✗ Failed: Write some files');
  expect(stdout).toMatch(/7 of 8 tasks completed; T4 was halted/);
  expect(stdout).toMatch(/tasks +7 of 8 tasks/);
  const [, id = ''] = /(orch_\w+)/.exec(stdout) ?? [];
  const files = await branchFiles(at.repository, await at.scene.studio.state(id));
  expect(Object.keys(files).join(' ')).toBe('a.txt b.txt c.txt d.txt e.txt f.txt g.txt');
});

test('tasks that wait for a person end the command with 3 and what to answer, where nobody is', async () => {
  const { code, stdout } = await studio('build', 'Write some files', '--task', 'Write the file a', '--task', 'Ponder');
  expect(code).toBe(3);
  const [, id = ''] = /(orch_\w+)/.exec(stdout) ?? [];
  const [, ponder] = (await at.scene.studio.state(id)).tasks;
  expect(stdout).toContain(`studio answer ${ponder?.orchestration} a`);
  expect((await studio('answer', ponder?.orchestration ?? '', 'a')).code).toBe(0);
  await untilEnded(at.scene.studio, [id]);
  expect((await at.scene.studio.state(id)).outcome?.reason).toMatch(/^1 of 2 tasks completed; T2 was aborted/);
});

test('the skeleton of a project is built task by task, into a service whose tests pass', async () => {
  const goal = 'Start a new project: a Node service called shop';
  const id = await submitUntilTaken(at.scene.studio, { goal, workspace: at.repository, checks: ['npm test'] });
  await untilEnded(at.scene.studio, [id], 150_000);
  expect(await unfinished(at.scene.studio, [id])).toEqual([]);
  const state = await at.scene.studio.state(id);
  expect(state.routing?.workflow).toBe('decompose_first');
  expect(state.outcome?.result.tasks).toEqual({ completed: 6, total: 6 });
  expect(Object.keys(await branchFiles(at.repository, state))).toContain('test/service.test.js');
});

test('in explicit mode the map waits for a yes', async () => {
  const goal = {
    goal: 'Letters',
    specification: '- Write the file a\n',
    workspace: at.repository,
    mode: 'explicit',
  };
  const id = await submitUntilTaken(at.scene.studio, goal);
  for (const kind of ['route', 'map']) {
    const { interactions, tasks } = await untilAsked(at.scene.studio, id);
    expect(interactions.at(-1)?.kind).toBe(kind);
    expect(tasks).toEqual([]);
    await at.scene.studio.control(id, { command: 'answer', interaction: null, answer: 'y', note: null });
  }
  await untilEnded(at.scene.studio, [id]);
  expect(await unfinished(at.scene.studio, [id])).toEqual([]);
  expect(await branchFiles(at.repository, await at.scene.studio.state(id))).toEqual({ 'a.txt': 'a' });
});
