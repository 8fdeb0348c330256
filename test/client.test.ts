import { describe, expect, test } from 'vitest';
import { connectStudio, type Studio } from '#client';
import { announce } from '#presence';
import { builtInConfig } from './support/orchestration.ts';
import { testRedis } from './support/redis.ts';

const redis = testRedis();
const config = await builtInConfig();
const connect = (tag: string = redis.tag): Promise<Studio> =>
  connectStudio({ redis: redis.connect(), tag, config, actor: 'person:alice' });

const submitted = async (studio: Studio, goal = 'Add a health endpoint'): Promise<string> => {
  const answer = await studio.submit({ goal });
  if (answer.outcome !== 'created') throw new Error(`expected created, got ${answer.outcome}`);
  return answer.id;
};

const collect = async <T>(source: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = [];
  for await (const item of source) found.push(item);
  return found;
};

describe('submit', () => {
  test('the same key and goal is stored once, another goal under it is a conflict', async () => {
    const studio = await connect();
    const first = await studio.submit({ goal: 'Fix the login', key: 'k1' });
    const id = 'id' in first ? first.id : '';
    expect(first.outcome).toBe('created');
    expect(await studio.submit({ key: 'k1', goal: 'Fix the login' })).toEqual({ outcome: 'duplicate', id });
    expect(await studio.submit({ goal: 'Fix the logout', key: 'k1' })).toMatchObject({ outcome: 'conflict', id });
  });

  test('a refusal lists every problem and leaves a trace', async () => {
    const studio = await connect();
    const answer = await studio.submit({ goal: '', prioritty: 1 }, { source: 'this test' });
    expect(answer).toMatchObject({ outcome: 'rejected', problems: [expect.any(String), expect.any(String)] });
    expect((await studio.rejections(1))[0]).toMatchObject({ source: 'this test' });
  });

  test('the policy that a run names can be read', async () => {
    const studio = await connect();
    const [event] = await studio.events(await submitted(studio));
    if (event?.type !== 'goal.submitted') throw new Error('the first event submits');
    expect(await studio.policy(event.data.policy.hash)).not.toBeNull();
    expect(event.data.policy).toMatchObject({ stepTries: 5, gateTries: 3, leasesPerAttempt: 3, confirmThreshold: 0.6 });
  });
});

test('a route is decided as a submit would, and stored nowhere', async () => {
  const studio = await connect();
  const route = await studio.route('Add a health endpoint');
  expect(route).toMatchObject({ workflow: 'plan_then_build', agents: ['planner', 'builder'] });
  const state = await studio.state(await submitted(studio));
  expect(state.routing).toMatchObject({
    workflow: route.workflow,
    confidence: route.confidence,
    signals: route.signals,
  });
});

describe('one run', () => {
  test('its state at a version and at a time is what it was', async () => {
    const studio = await connect();
    const id = await submitted(studio);
    const { version, updated_at } = await studio.state(id);
    await studio.control(id, { command: 'abort', reason: 'not needed' });

    expect((await studio.state(id)).outcome).toMatchObject({ kind: 'aborted', reason: 'not needed' });
    expect(await studio.state(id, { version })).toMatchObject({ version, outcome: null });
    expect(await studio.state(id, { version: 1 })).toMatchObject({ version: 1, routing: null });
    expect((await studio.state(id, { time: '2100-01-01T00:00:00Z' })).outcome).not.toBeNull();
    expect((await studio.state(id, { time: updated_at })).version).toBeGreaterThanOrEqual(version);
    await expect(studio.state(id, { time: '2000-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'input.not_found' });
    await expect(studio.state(id, { version: 999 })).rejects.toMatchObject({ code: 'input.not_found' });
    await expect(studio.state(id, { version: 0 })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  test('why says that nobody is there to do it, then that it is queued, then how it ended', async () => {
    const studio = await connect();
    const id = await submitted(studio);
    expect((await studio.why(id)).wait).toMatchObject({
      kind: 'no_worker',
      detail: expect.stringContaining('studio up'),
    });

    const worker = { id: 'w1', service: 'planner', host: 'h', pid: 1, concurrency: 1, version: '0' } as const;
    const engines = async () => ['recipes', 'coder'];
    const presence = announce(redis.connect(), redis.tag, { ...worker, engines }, () => {});
    await presence.ready;
    expect(await studio.workers()).toMatchObject([{ id: 'w1', engines: ['recipes', 'coder'] }]);
    const direct = redis.connect();
    const dispatch = (await studio.events(id)).findLast(({ type }) => type === 'agent.dispatched')?.version;
    // As BullMQ keeps it: taken from the right end.
    await direct.rpush(`${redis.tag}:agent-planner:wait`, `${id}-${dispatch}`, 'before-1', 'before-2');
    expect((await studio.why(id)).wait).toMatchObject({ kind: 'queued', detail: '2 jobs ahead on agent-planner' });
    await presence.stop();

    await studio.control(id, { command: 'abort', reason: 'not needed' });
    expect(await studio.why(id)).toMatchObject({ wait: null, status: 'failed', summary: 'aborted: not needed' });
  });

  test('a run that was set aside says so, and takes no command', async () => {
    const studio = await connect();
    const id = await submitted(studio);
    const aside = { stream: id, group: 'router', code: 'log.malformed_event', message: 'bytes', version: 1, time: 't' };
    await redis.connect().hset(`${redis.tag}:quarantine`, id, JSON.stringify(aside));
    expect((await studio.why(id)).wait?.kind).toBe('quarantined');
    await expect(studio.control(id, { command: 'abort', reason: null })).rejects.toMatchObject({
      code: 'rule.quarantined',
    });
  });

  test('an id may be cut while one run alone begins like it', async () => {
    const studio = await connect();
    let id = await submitted(studio);
    expect(await studio.resolve(id.slice(0, -4))).toBe(id);
    expect(await studio.resolve(id.slice(id.lastIndexOf('_') + 1).slice(0, 8))).toBe(id);
    const day = (of: string) => of.slice(0, 'orch_20260202'.length);
    let other = await submitted(studio);
    while (day(other) !== day(id)) [id, other] = [other, await submitted(studio)]; // it was midnight
    await expect(studio.resolve(day(id))).rejects.toThrow('give more of the id');
    await expect(studio.resolve('orch_21000101')).rejects.toMatchObject({ code: 'input.not_found' });
    await expect(studio.resolve('nonsense')).rejects.toMatchObject({ code: 'input.invalid' });
  });
});

describe('follow', () => {
  test('gives what is there, then what comes, in order, and ends with the run', async () => {
    const studio = await connect();
    const id = await submitted(studio);
    const following = collect(studio.follow(id));
    await studio.control(id, { command: 'checkpoint', name: 'before the end' });
    await studio.control(id, { command: 'abort', reason: null });
    const versions = (await following).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
    expect((await following).at(-1)?.type).toBe('orchestration.aborted');
    await studio.close();
  });

  test('of a run that ended gives the rest and ends, also after its last event', async () => {
    const studio = await connect();
    const id = await submitted(studio);
    await studio.control(id, { command: 'abort', reason: null });
    const { version } = await studio.state(id);
    expect((await collect(studio.follow(id, { after: version - 1 }))).map((e) => e.version)).toEqual([version]);
    expect(await collect(studio.follow(id, { after: version }))).toEqual([]);
    await studio.close();
  });

  test('of a run that is awaited begins when that is there', async () => {
    const [here, there] = await Promise.all([connect(), connect(redis.tag.replace('}', '-there}'))]);
    const id = await submitted(there);
    await there.control(id, { command: 'abort', reason: null });
    const following = collect(here.follow(id, { awaited: true }));
    await expect(here.state(id)).rejects.toMatchObject({ code: 'input.not_found' });
    const answers = await collect(here.import(() => there.export(id)));
    expect(answers).toMatchObject([{ outcome: 'imported' }]);
    expect((await following).map(({ version }) => version)).toEqual((await there.events(id)).map((e) => e.version));
    await Promise.all([here.close(), there.close()]);
  });

  test('ends when its reader has had enough, while nothing happens', async () => {
    const studio = await connect();
    const id = await submitted(studio);
    const enough = new AbortController();
    const { version } = await studio.state(id);
    const following = collect(studio.follow(id, { after: version, signal: enough.signal }));
    enough.abort();
    expect(await following).toEqual([]);
    await studio.close();
  });
});
