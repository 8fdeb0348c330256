import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BacklogDocument, type Plan, StateDocument } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

let scene: Scene;
let project: ReturnType<typeof studioIn>;

beforeAll(async () => {
  scene = await setScene();
  project = studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag });
  await makeRepository(project.folder);
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('architect');
  scene.fleet.start('builder', { count: 2 });
  await scene.fleet.ready();
});
afterAll(async () => {
  expect(await auditOrchestrations(scene)).toEqual([]);
  await scene.end();
});

const backlog = async (): Promise<BacklogDocument> => {
  const { stdout } = await project.run(['project', 'backlog', '--json']);
  return BacklogDocument.parse(JSON.parse(stdout));
};
const statuses = async (): Promise<readonly string[]> =>
  (await backlog()).tasks.map(({ id, status }) => `${id} ${status}`);

const specification = async (text: string): Promise<string> => {
  const name = 'specification.md';
  await writeFile(join(project.folder, name), text);
  return name;
};

/** Of a task that appends a line to a file of its own: nobody has to think about it. */
const planFile = async (task: string, command = `echo ${task} >> ${task}.txt`): Promise<string> => {
  const plan: Plan = {
    id: `bp_${task}`,
    task_id: task,
    goal: `Write ${task}`,
    acceptance_criteria: [],
    quality_gates: { lint: false, typecheck: false, test: false, security: false },
    steps: [
      {
        id: 'step_1',
        name: `Write ${task}`,
        action: `write ${task}`,
        operations: [{ op: 'run', command }],
        success_criteria: [{ criterion: 'it is there', verification: { type: 'file_exists', path: `${task}.txt` } }],
        depends_on: [],
      },
    ],
  };
  const name = `${task}.plan.json`;
  await writeFile(join(project.folder, name), JSON.stringify(plan));
  return name;
};

test('a specification becomes epics, features and tasks, a part of it is run, and what is left comes next', async () => {
  const text = [
    '# Shop',
    '## Accounts',
    '### Sign in',
    '- [ ] Write the last (priority: 5) (depends on: T2)',
    '- [ ] Write the first (priority: 1) (effort: S) (check: grep -q first first.txt)',
    '## Orders',
    '- [ ] Write the other (priority: 3)',
  ];
  const drawn = await project.run(['project', 'decompose', await specification(text.join('\n'))]);
  expect(drawn).toMatchObject({ code: 0, stderr: '' });
  expect(drawn.stdout).toMatch(/3 tasks: 3 open\n {2}· T2 {2}open {2}P1 S {2}Write the first\n/);
  const { epics, features, tasks, next } = await backlog();
  expect([epics.map(({ title }) => title), features.map(({ title }) => title)]).toEqual([
    ['Accounts', 'Orders'],
    ['Sign in', 'Orders'],
  ]);
  expect([tasks.map(({ id }) => id), next]).toEqual([
    ['T2', 'T3', 'T1'],
    ['T2', 'T3'],
  ]);
  // Only drawn: no child, no builder, no commit.
  const id = /orch_\S+/.exec(drawn.stdout)?.[0] ?? '';
  expect(await scene.studio.state(id)).toMatchObject({
    tasks: [],
    outcome: { kind: 'completed', result: { files_changed: [] } },
  });

  // The same text again changes nothing. The specification is not committed: what is said of that works here, too.
  expect(drawn.stdout).toContain('the folder has uncommitted changes: they are not part of the work (--include-dirty');
  const again = await project.run(['project', 'decompose', 'specification.md', '--include-dirty']);
  expect(again).toMatchObject({ code: 0, stdout: expect.not.stringContaining('--include-dirty') });
  expect(await statuses()).toEqual(['T2 open', 'T3 open', 'T1 open']);

  for (const [task, name] of [
    ['T1', 'last'],
    ['T2', 'first'],
    ['T3', 'other'],
  ] as const)
    await project.run(['project', 'edit', task, '--plan', await planFile(name)]);
  const ran = await project.run(['project', 'run', '--max', '2']);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/2 tasks of the backlog: T2, T3/);
  expect(await statuses()).toEqual(['T1 open', 'T2 done', 'T3 done']);
  const first = (await backlog()).tasks.find((task) => task.id === 'T2')?.orchestration ?? '';
  expect((await scene.studio.state(first)).outcome?.result.criteria).toMatchObject([
    { id: 'CHECK-1', status: 'passed' },
  ]);
  const { code, stdout } = await project.run(['project', 'next']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^ {2}· T1 {2}open {2}P5 M {2}Write the last\n$/)]);

  // What it stands on is on the branch of the run before, and it would begin without it.
  const early = await project.run(['project', 'run']);
  const before = /studio apply (orch_\w+) takes it/.exec(early.stderr)?.[1] ?? '';
  expect([early.code, early.stderr]).toEqual([
    2,
    expect.stringContaining('T1 stands on T2, whose work is on the branch'),
  ]);
  expect(await statuses()).toEqual(['T1 open', 'T2 done', 'T3 done']);
  expect(await project.run(['apply', before])).toMatchObject({ code: 0, stderr: '' });

  const rest = await project.run(['project', 'run', '--json']);
  const state = StateDocument.parse(JSON.parse(rest.stdout));
  expect([rest.code, state.tasks.map((task) => `${task.id} ${task.status}`)]).toEqual([0, ['T1 completed']]);
  expect(await statuses()).toEqual(['T1 done', 'T2 done', 'T3 done']);
});

test('a specification with a task that is too large, or that cannot be read, is refused with every problem', async () => {
  const text = '- [ ] Build it all (effort: XL)\n- [ ] One (effort: huge)\n';
  const { code, stderr } = await project.run(['project', 'decompose', await specification(text)]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('task T1 is XL: split it')]);
  expect(stderr).toContain('(effort: huge) is not understood');
  const before = await backlog();
  expect(before.tasks.some(({ title }) => title === 'Build it all' || title === 'One')).toBe(false);
});

test('in explicit mode a map waits for approval before the backlog has it', async () => {
  const file = await specification('- [ ] Approve me\n');
  const asked = await project.run(['project', 'decompose', file, '--mode', 'explicit']);
  const id = /orch_\S+/.exec(asked.stdout)?.[0] ?? '';
  expect([asked.code, asked.stdout]).toEqual([3, expect.stringContaining(`studio answer ${id} y`)]);
  await project.run(['answer', id, 'y']);
  await waitUntil('the map is put to a person', async () => {
    const { interactions } = await scene.studio.state(id);
    return interactions.some(
      ({ kind, outcome, prompt }) => kind === 'map' && outcome === null && /backlog/.test(prompt),
    );
  });
  expect((await backlog()).tasks.some(({ title }) => title === 'Approve me')).toBe(false);
  await project.run(['answer', id, 'y']);
  await waitUntil('the backlog has it', async () =>
    (await backlog()).tasks.some(({ title }) => title === 'Approve me'),
  );
});

test('a task that failed is told with its reason, and can be opened again', async () => {
  // What a pattern of the built-in ones halts at, so that nobody is asked.
  const plan = await planFile('never', 'echo "GH013: push protection found a secret"; exit 1');
  await project.run(['project', 'add', 'Write never', '--plan', plan]);
  const never = async () => (await backlog()).tasks.find(({ title }) => title === 'Write never');
  const ran = await project.run(['project', 'run', '--task', (await never())?.id ?? '']);
  expect(ran.code).toBe(1);
  const failed = await never();
  expect(failed).toMatchObject({ status: 'failed', reason: expect.stringContaining('push protection') });
  const again = await project.run(['project', 'reopen', failed?.id ?? '']);
  expect([again.code, await statuses()]).toEqual([0, expect.arrayContaining([`${failed?.id} open`])]);
});
