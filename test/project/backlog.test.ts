import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createBacklogs, createRedisBacklogLog } from '#backlog';
import { BacklogDocument, BacklogNext, BacklogRunAnswer, Problem, StateDocument } from '#contracts';
import { type Gateway, startGateway } from '#gateway';
import { createLogger } from '#runtime/logger';
import { studioIn } from '../cli/studio.ts';
import { builtInConfig, studioAt } from '../support/orchestration.ts';
import { testRedis } from '../support/redis.ts';

/** No service runs here: what a backlog is asked, it does by itself. */
const { url, tag, connect } = testRedis();

const project = () => studioIn({ REDIS_URL: url, STUDIO_TAG: tag });
type Project = ReturnType<typeof project>;

const documentOf = async <T>({ run }: Project, schema: z.ZodType<T>, ...argv: readonly string[]): Promise<T> => {
  const { code, stdout, stderr } = await run(['project', ...argv, '--json']);
  expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
  return schema.parse(JSON.parse(stdout));
};

const add = (at: Project, ...argv: readonly string[]) => documentOf(at, BacklogDocument, 'add', ...argv);
const refused = async ({ run }: Project, ...argv: readonly string[]): Promise<string> => {
  const { code, stderr } = await run(['project', ...argv]);
  expect(code).toBe(2);
  return stderr;
};

describe('tasks are kept by hand', () => {
  test('the order is by priority, by what is unblocked, by value and by readiness', async () => {
    const at = project();
    await add(at, 'Build the base', '--priority', '3');
    await add(at, 'Ship it', '--priority', '1', '--value', '5', '--after', 'T1');
    await add(at, 'Write about it', '--priority', '5', '--after', 'T1,T2');
    const { tasks, next } = await add(
      at,
      'Small thing',
      '--priority',
      '2',
      '--done-when',
      'it is there',
      '--effort',
      's',
    );
    expect(tasks.map(({ id }) => id)).toEqual(['T2', 'T1', 'T4', 'T3']);
    expect(tasks[2]).toMatchObject({ effort: 'S', acceptance: [{ criterion: 'it is there' }] });
    expect(next).toEqual(['T1', 'T4']);
    expect((await documentOf(at, BacklogNext, 'next')).tasks.map(({ title }) => title)).toEqual([
      'Build the base',
      'Small thing',
    ]);
    const { stdout } = await at.run(['project', 'backlog']);
    expect(stdout).toMatch(/^4 tasks: 4 open\n {2}· T2 {2}open {2}P1 M {2}Ship it +after T1\n/);
    expect(stdout).toMatch(/next is T1: studio project run\n$/);
  });

  test('a task can be changed and removed, unless others depend on it', async () => {
    const at = project();
    await add(at, 'One');
    await add(at, 'Two', '--after', 'T1');
    const edited = await documentOf(at, BacklogDocument, 'edit', 't2', '--title', 'Second', '--priority', '2');
    expect(edited.tasks.find(({ id }) => id === 'T2')).toMatchObject({
      title: 'Second',
      priority: 2,
      depends_on: ['T1'],
    });
    expect(await refused(at, 'remove', 'T1')).toMatch(/T2 depend on T1/);
    await documentOf(at, BacklogDocument, 'remove', 'T2');
    expect((await documentOf(at, BacklogDocument, 'remove', 'T1')).tasks).toEqual([]);
    expect((await add(at, 'Three')).tasks.map(({ id }) => id)).toEqual(['T3']);
  });

  test('a task that is too large, or a value that is none, is refused', async () => {
    const at = project();
    expect(await refused(at, 'add', 'Everything', '--effort', 'XL')).toMatch(/XL: split it/);
    expect(await refused(at, 'add', 'One', '--priority', '9')).toMatch(/priority/);
    expect(await refused(at, 'edit', 'T7', '--priority', '1')).toMatch(/there is no task T7: studio project backlog/);
  });

  test('each change is written to .studio/backlog.json', async () => {
    const at = project();
    const after = await add(at, 'One');
    const written = await readFile(join(at.folder, '.studio', 'backlog.json'), 'utf8');
    expect(BacklogDocument.parse(JSON.parse(written))).toEqual(after);
  });

  test('an empty backlog says how to fill it, and runs nothing', async () => {
    const at = project();
    const { code, stdout } = await at.run(['project', 'backlog']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/is empty: studio project decompose "<goal>" fills it/)]);
    expect(await refused(at, 'run')).toMatch(/the backlog is empty/);
    expect(await refused(at, 'decompose', 'nowhere.md')).toMatch(/nowhere\.md cannot be read/);
  });
});

describe('a run of the backlog', () => {
  const detached = (at: Project, ...argv: readonly string[]) =>
    documentOf(at, z.object({ outcome: z.string(), id: z.string() }), 'run', '--detach', ...argv);
  const stateOf = async ({ run }: Project, id: string) =>
    StateDocument.parse(JSON.parse((await run(['state', id, '--json'])).stdout));
  const statuses = async (at: Project) =>
    Object.fromEntries((await documentOf(at, BacklogDocument, 'backlog')).tasks.map(({ id, status }) => [id, status]));

  test('takes the best tasks, as many as it may, as one run of several tasks', async () => {
    const at = project();
    await add(at, 'Late', '--priority', '5');
    await add(at, 'Urgent', '--priority', '1');
    await add(at, 'After it', '--priority', '1', '--after', 'T2');
    const { id } = await detached(at, '--max', '2');
    const { routing, tasks } = await stateOf(at, id);
    expect(routing).toMatchObject({ workflow: 'multi_task', confidence: 0.9 });
    expect(tasks.map((task) => task.id)).toEqual(['T2', 'T3']);
    expect(await statuses(at)).toEqual({ T1: 'open', T2: 'taken', T3: 'taken' });
    expect(await refused(at, 'edit', 'T2', '--priority', '2')).toMatch(/T2 is taken/);
    const { id: other } = await detached(at);
    expect((await stateOf(at, other)).routing).toMatchObject({ workflow: 'multi_task', confidence: 0.9 });
    expect(await refused(at, 'run')).toMatch(/no task can begin \(0 done, 3 in a run, 0 failed\)/);
  });

  test('takes a task that is wanted with what it waits for', async () => {
    const at = project();
    await add(at, 'One');
    await add(at, 'Two', '--after', 'T1');
    await add(at, 'Three');
    await detached(at, '--task', 't2');
    expect(await statuses(at)).toEqual({ T1: 'taken', T2: 'taken', T3: 'open' });
    expect(await refused(at, 'run', '--task', 'T1')).toMatch(/T1 is taken/);
    expect(await refused(at, 'run', '--task', 'first')).toMatch(/--tasks 0: the id of a task looks like T1/);
  });

  test('that was promised tasks and never submitted is submitted by the next who asks, once', async () => {
    const at = project();
    const { workspace } = await add(at, 'One');
    await add(at, 'Two');
    const backlogs = createBacklogs({ log: createRedisBacklogLog(connect(), tag), now: () => new Date() });
    await backlogs.execute(workspace, { do: 'claim', tasks: ['T1'], max: null }, 'person:somebody who died');
    const studio = await studioAt({ redis: connect(), tag });
    const [one, other] = await Promise.all([studio.runBacklog({ workspace }), studio.runBacklog({ workspace })]);
    expect(one).toEqual({ outcome: 'duplicate', id: expect.any(String), tasks: ['T1'] });
    expect([one.id, await statuses(at)]).toEqual([other.id, { T1: 'taken', T2: 'open' }]);
    expect(await studio.runBacklog({ workspace })).toMatchObject({ outcome: 'created', tasks: ['T2'] });
  });

  test('that is refused gives its tasks back', async () => {
    const at = project();
    await add(at, 'One');
    expect(await refused(at, 'run', '--engine', 'x'.repeat(65))).toMatch(/engine/);
    expect(await statuses(at)).toEqual({ T1: 'open' });
  });
});

describe('over HTTP', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    const config = { ...(await builtInConfig()), gateway: { host: '127.0.0.1', port: 0 } };
    const logger = createLogger({ name: 'test', level: 'error' });
    gateway = await startGateway({ redis: connect(), tag, config, version: '0', logger });
  });
  afterAll(() => gateway.stop());

  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${gateway.url}/v1/backlog/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const workspace = '/srv/somewhere/else';
  const backlog = async (path = '') =>
    (await fetch(`${gateway.url}/v1/backlog${path}?workspace=${encodeURIComponent(workspace)}`)).json();

  test('a backlog is filled, read and run', async () => {
    const map = {
      tasks: [
        { id: 'T1', title: 'One' },
        { id: 'T2', title: 'Two', depends_on: ['T1'] },
      ],
    };
    const filled = await post('change', { workspace, change: { do: 'import', map, source: 'a test' } });
    expect(BacklogDocument.parse(await filled.json()).next).toEqual(['T1']);
    const added = await post('change', { workspace: `${workspace}/`, change: { do: 'add', task: { title: 'Three' } } });
    expect(BacklogDocument.parse(await added.json()).counts).toMatchObject({ open: 3 });
    expect(BacklogNext.parse(await backlog('/next')).tasks.map(({ id }) => id)).toEqual(['T1', 'T3']);

    const ran = await post('run', { workspace, max: 1 });
    const answer = BacklogRunAnswer.parse(await ran.json());
    expect([ran.status, ran.headers.get('location')]).toEqual([201, `/v1/orchestrations/${answer.id}`]);
    expect(answer).toMatchObject({ outcome: 'created', tasks: ['T1'] });
    expect(BacklogDocument.parse(await backlog()).counts).toMatchObject({ open: 2, taken: 1 });
  });

  test('a specification is taken in to be decomposed', async () => {
    const reply = await post('decompose', { workspace, goal: 'Decompose it', specification: '- one\n- two\n' });
    const { id } = z.object({ id: z.string() }).parse(await reply.json());
    expect(reply.status).toBe(201);
    const state = StateDocument.parse(await (await fetch(`${gateway.url}/v1/orchestrations/${id}`)).json());
    expect(state.routing?.agent_sequence.map(({ agent }) => agent)).toEqual(['architect']);
  });

  test('what is not allowed says so', async () => {
    const relative = await post('run', { workspace: 'somewhere' });
    expect([relative.status, Problem.parse(await relative.json()).detail]).toEqual([
      422,
      expect.stringContaining('not an absolute path'),
    ]);
    const unknown = await post('change', { workspace, change: { do: 'remove', task: 'T9' } });
    expect([unknown.status, Problem.parse(await unknown.json()).code]).toEqual([422, 'rule.backlog.unknown_task']);
  });
});
