import { describe, expect, test } from 'vitest';
import { connectStudio, type Studio } from '#client';
import { ControlCommand, type ImportAnswer } from '#contracts';
import { createRedisEventLog, eventKeys } from '#events/redis';
import { appendOf } from '#events/testing';
import { loadConfig } from '#runtime';
import { testRedis } from '../support/redis.ts';

const server = testRedis();
const redis = server.connect();
const { config } = await loadConfig({ file: null, env: {} });
let installed = 0;

const install = async () => {
  installed += 1;
  const tag = `${server.tag}:${installed}`;
  const studio = await connectStudio({ redis, tag, config, actor: 'person:alice' });
  return { tag, studio, log: createRedisEventLog({ redis, tag }), keys: eventKeys(tag) };
};

const submit = async (studio: Studio, goal: Record<string, unknown> = { goal: 'Add a page' }): Promise<string> => {
  const answer = await studio.submit(goal);
  if (answer.outcome !== 'created') throw new Error(`expected created, got ${answer.outcome}`);
  return answer.id;
};

const linesOf = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

const importLines = async (studio: Studio, lines: readonly string[]): Promise<readonly ImportAnswer[]> => {
  const answers: ImportAnswer[] = [];
  const open = async function* () {
    yield* lines;
  };
  for await (const answer of studio.import(open)) answers.push(answer);
  return answers;
};

const outcomes = (answers: readonly ImportAnswer[]) => answers.map(({ outcome }) => outcome);

describe('an import', () => {
  test('stores every byte, with its place in every index, its blobs, its policy and its key', async () => {
    const from = await install();
    const to = await install();
    const id = await submit(from.studio, { goal: `Add ${'päges '.repeat(2_600)}`, key: 'nightly' });
    const lines = await linesOf(from.studio.export(id));
    expect(outcomes(await importLines(to.studio, lines))).toEqual(['imported']);

    expect(await linesOf(to.studio.export(id))).toEqual(lines);
    expect(await to.studio.state(id)).toEqual(await from.studio.state(id));
    const indexOf = (key: string) => redis.zrangebyscore(key, '-inf', '+inf', 'WITHSCORES');
    for (const index of ['all', 'live', 'due'] as const)
      expect(await indexOf(to.keys[index])).toEqual(await indexOf(from.keys[index]));
    expect(await redis.hgetall(to.keys.heads)).toEqual(await redis.hgetall(from.keys.heads));
    expect(await redis.hgetall(to.keys.policies)).toEqual(await redis.hgetall(from.keys.policies));
    expect(await to.studio.submit({ goal: `Add ${'päges '.repeat(2_600)}`, key: 'nightly' })).toEqual({
      outcome: 'duplicate',
      id,
    });
    for (const key of await redis.keys(`${to.tag.replace(/[{}]/g, '\\$&')}:*`)) expect(await redis.ttl(key)).toBe(-1);
  });

  test('of what is there already stores nothing, also when what is there has moved on', async () => {
    const { studio, log } = await install();
    const id = await submit(studio);
    const lines = await linesOf(studio.export(id));
    expect(outcomes(await importLines(studio, lines))).toEqual(['already_there']);
    await studio.control(id, { command: 'pause', reason: null });
    const head = await log.head(id);
    expect(outcomes(await importLines(studio, lines))).toEqual(['already_there']);
    expect(await log.head(id)).toEqual(head);
  });

  test('of another run with the same id is refused, and what is there stays', async () => {
    const from = await install();
    const to = await install();
    const id = await submit(from.studio);
    const lines = await linesOf(from.studio.export(id));
    const [first] = await from.studio.events(id, { limit: 1 });
    if (!first) throw new Error('it was submitted');
    await to.log.append({ ...appendOf(id), events: [first] });
    const [answer] = await importLines(to.studio, lines);
    expect(answer).toMatchObject({
      outcome: 'refused',
      problems: [expect.stringContaining('it is there at version 1')],
    });
    for (let n = 0; (await to.log.head(id)).version < 9; n++)
      await to.studio.control(id, ControlCommand.parse({ command: n % 2 ? 'resume' : 'pause' }));
    const [again] = await importLines(to.studio, lines);
    expect(again).toMatchObject({ outcome: 'refused', problems: [expect.stringContaining('another run has this id')] });
  });

  test('of a file with anything wrong in it stores nothing of it', async () => {
    const from = await install();
    const to = await install();
    const first = await linesOf(from.studio.export(await submit(from.studio)));
    const second = await linesOf(from.studio.export(await submit(from.studio)));
    const damaged = second.with(2, (second[2] ?? '').replace('"time":"2', '"time":"3'));
    for (const lines of [[...first, ...damaged], [...first, ...second.slice(0, -1)], [...first, 'not JSON'], []])
      await expect(importLines(to.studio, lines)).rejects.toMatchObject({ code: 'input.invalid' });
    expect(await redis.keys(`${to.tag.replace(/[{}]/g, '\\$&')}:*`)).toEqual([]);
    const policy = second.filter((line) => !line.startsWith('{"policy"'));
    expect(await importLines(to.studio, policy)).toMatchObject([
      { outcome: 'refused', problems: [expect.stringContaining('policy')] },
    ]);
  });

  test('by two at once stores each run once', async () => {
    const from = await install();
    const to = await install();
    const id = await submit(from.studio);
    const lines = await linesOf(from.studio.export(id));
    const both = await Promise.all([importLines(to.studio, lines), importLines(to.studio, lines)]);
    expect(both.flatMap(outcomes).toSorted()).toEqual(['already_there', 'imported']);
    expect(await to.log.count('all')).toBe(1);
  });
});

test('an export of all has every run and the backlog, and its import makes the same export', async () => {
  const from = await install();
  const to = await install();
  for (let n = 0; n < 3; n++) await submit(from.studio, { goal: `Add page ${n}`, key: `page-${n}` });
  const backlog = createRedisEventLog({ redis, tag: `${from.tag}:backlog` });
  await backlog.append(appendOf('backlog', 'an epic', 'a feature'));
  const lines = await linesOf(from.studio.exportAll());
  expect(outcomes(await importLines(to.studio, lines))).toEqual(['imported', 'imported', 'imported', 'imported']);
  expect(await linesOf(to.studio.exportAll())).toEqual(lines);
});
