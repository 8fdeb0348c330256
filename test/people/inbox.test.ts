import { afterAll, beforeAll, expect, test } from 'vitest';
import { EveryRunDocument, InboxDocument } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { submitUntilTaken } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type AskingScene, openIn, setAskingScene, untilAsked } from './asking.ts';

let scene: AskingScene;
let run: ReturnType<typeof studioIn>['run'];
beforeAll(async () => {
  scene = await setAskingScene();
  ({ run } = studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag }));
});
afterAll(async () => scene?.end());

/** The words of a command line as it was printed, its comment left out. */
const wordsIn = (line: string): readonly string[] =>
  [...line.replace(/ {4}#.*$/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );

const inbox = async (): Promise<InboxDocument['waiting']> => {
  const { code, stdout } = await run(['inbox', '--json']);
  expect(code).toBe(0);
  return InboxDocument.parse(JSON.parse(stdout)).waiting;
};

test('what waits for a person is told over all runs, oldest deadline first, with commands that answer it', async () => {
  const route = await submitUntilTaken(scene.studio, scene.goal({ mode: 'explicit' }));
  await untilAsked(scene, route, 1);
  const asking = await submitUntilTaken(scene.studio, scene.goal());
  await untilAsked(scene, asking, 2);
  expect((await inbox()).map(({ orchestration, interaction }) => [orchestration, interaction.id])).toEqual([
    [asking, 'int_1'],
    [asking, 'int_2'],
    [route, 'int_1'],
  ]);

  const { stdout } = await run(['inbox']);
  const commands = stdout.split('\n').filter((line) => line.trimStart().startsWith('studio answer'));
  const chosen = [`${route} y `, `${asking} all --question int_1`, `${asking} 'in memory' --question int_2`];
  for (const start of chosen) {
    const command = commands.find((line) => line.includes(start));
    expect(command, `${start} in\n${stdout}`).toBeDefined();
    expect(await run(wordsIn(command ?? '').slice(1))).toMatchObject({ code: 0 });
  }
  await untilAsked(scene, route, 2);
  const [limit] = await untilAsked(scene, asking, 1);
  expect(limit?.about).toBe('limit');
  for (const id of [route, asking]) await scene.studio.control(id, { command: 'abort', reason: null });
  expect(await inbox()).toEqual([]);
  expect((await run(['inbox'])).stdout).toBe('nothing waits for a person\n');
});

test('what a task of another run asks is there too, and says whose it is', async () => {
  const tasks = ['Write it down', 'Read it'];
  const goal = { ...scene.goal({ tasks }), workflow: 'multi_task' };
  const id = await submitUntilTaken(scene.studio, goal);
  await waitUntil('both tasks ask', async () => (await inbox()).length === 4);
  const items = await inbox();
  expect(new Set(items.map(({ parent }) => `${parent?.orchestration} ${parent?.task}`))).toEqual(
    new Set([`${id} T1`, `${id} T2`]),
  );
  const watched = await run(['watch', id]);
  expect(watched.code).toBe(3);
  for (const item of items)
    expect(watched.stdout).toContain(`studio answer ${item.orchestration} all --question ${items[0]?.interaction.id}`);
  await scene.studio.control(id, { command: 'abort', reason: null });
  await waitUntil('nothing is asked any more', async () => (await inbox()).length === 0);
});

test('all runs are paused and resumed together, each with its tasks', async () => {
  const alone = await submitUntilTaken(scene.studio, scene.goal());
  const goal = { ...scene.goal({ tasks: ['Write it down', 'Read it'] }), workflow: 'multi_task' };
  const parent = await submitUntilTaken(scene.studio, goal);
  await waitUntil('all of them ask', async () => (await inbox()).length === 6);
  const task = (await inbox()).find((item) => item.parent)?.orchestration ?? '';
  const isPaused = async (id: string) => (await scene.studio.state(id)).status === 'paused';

  const paused = EveryRunDocument.parse(
    JSON.parse((await run(['pause', '--all', '--reason', 'freeze', '--json'])).stdout),
  );
  expect({ ...paused, done: paused.done.toSorted() }).toEqual({
    command: 'pause',
    done: [alone, parent].toSorted(),
    refused: [],
  });
  await waitUntil('the tasks are paused too', () => isPaused(task));
  expect((await run(['pause', '--all'])).stdout).toBe('nothing to pause\n');
  expect((await run(['pause'])).code).toBe(2);

  expect((await run(['resume', '--all'])).stdout).toMatch(/2 runs resumed\n$/);
  await waitUntil('the tasks go on too', async () => !(await isPaused(task)));
  for (const id of [alone, parent]) await scene.studio.control(id, { command: 'abort', reason: null });
});

test('a route that waits is approved, or another one is taken instead', async () => {
  const goals = await Promise.all(
    ['one', 'two'].map((key) => submitUntilTaken(scene.studio, scene.goal({ mode: 'explicit', attended: false, key }))),
  );
  const [approved = '', overridden = ''] = goals;
  for (const id of goals) await untilAsked(scene, id, 1);
  expect((await run(['approve', approved])).code).toBe(0);
  expect((await run(['answer', overridden, 'build_only'])).code).toBe(0);
  expect((await scene.studio.state(approved)).routing?.workflow).toBe('plan_then_build');
  expect((await scene.studio.state(overridden)).routing?.workflow).toBe('build_only');
  expect((await run(['approve', overridden])).code).toBe(2);
});

test('a map waits for a yes, is drawn again as a person says, and built then', async () => {
  const goal = { ...scene.goal({ attended: false, mode: 'explicit', confirm: true }), workflow: 'decompose_first' };
  const id = await submitUntilTaken(scene.studio, goal);
  await untilAsked(scene, id, 1);
  expect((await run(['approve', id])).code).toBe(0); // the route
  const asksForMap = async (title: string) => {
    await waitUntil(`the map with ${title} waits`, async () =>
      openIn(await scene.studio.state(id)).some(({ kind, prompt }) => kind === 'map' && prompt.includes(title)),
    );
  };
  await asksForMap('T1 Write it down');
  expect((await run(['answer', id, 'r', '--note', 'Write it twice'])).code).toBe(0);
  await asksForMap('T1 Write it twice');
  expect((await run(['approve', id])).code).toBe(0);
  await waitUntil('its tasks begin', async () => (await scene.studio.state(id)).tasks.length === 2);
  await scene.studio.control(id, { command: 'abort', reason: null });
});

test('every decision of these runs is in the log as it was made', async () => {
  expect(await auditOrchestrations(scene)).toEqual([]);
});
