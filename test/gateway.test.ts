import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { EventPage, EveryRunDocument, InboxDocument, ListPage, Problem, StateDocument, WhyDocument } from '#contracts';
import { createRedisEventLog } from '#events/redis';
import { type Gateway, startGateway } from '#gateway';
import type { RunningService } from '#runtime';
import { createLogger } from '#runtime/logger';
import { startState } from '#state';
import { loadFrom } from '#views';
import { builtInConfig } from './support/orchestration.ts';
import { testRedis } from './support/redis.ts';
import { waitUntil } from './support/wait-until.ts';

const { connect, tag } = testRedis();
const logger = createLogger({ name: 'test', level: 'error' });
const config = { ...(await builtInConfig()), gateway: { host: '127.0.0.1', port: 0 } };

let gateway: Gateway;
let state: RunningService;
beforeAll(async () => {
  const redis = connect();
  state = await startState({ redis, tag, load: loadFrom(createRedisEventLog({ redis, tag })), version: '0', logger });
  gateway = await startGateway({ redis, tag, config, version: '0', logger, heartbeatMs: 50 });
});
afterAll(async () => {
  await gateway.stop();
  await state.stop();
});

const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> =>
  schema.parse(await (await fetch(`${gateway.url}${path}`)).json());

const post = (path: string, body?: unknown): Promise<Response> =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

const submit = async (goal: string): Promise<string> => {
  const reply = await post('/v1/orchestrations', { goal });
  expect(reply.status).toBe(201);
  return z.object({ id: z.string() }).parse(await reply.json()).id;
};

/** Reads an event stream until it ends, or until `enough` says so of how many events and comments there were. */
const listen = async (id: string, lastEventId: string | null, enough: (seen: number, comments: number) => boolean) => {
  const leave = new AbortController();
  const headers = { accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) };
  const reply = await fetch(`${gateway.url}/v1/orchestrations/${id}/events`, { headers, signal: leave.signal });
  const messages: EventSourceMessage[] = [];
  let comments = 0;
  const parser = createParser({ onEvent: (message) => messages.push(message), onComment: () => comments++ });
  const decoder = new TextDecoder();
  for await (const chunk of reply.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (enough(messages.length, comments)) break; // leaves the connection
  }
  leave.abort();
  return { status: reply.status, messages, comments };
};

test('a goal goes in, is listed, and is read as it was at each version', async () => {
  const id = await submit('Add a health endpoint');
  await waitUntil('it is listed', async () =>
    (await get('/v1/orchestrations?wait=no_worker', ListPage)).orchestrations.some((row) => row.id === id),
  );
  const now = await get(`/v1/orchestrations/${id}`, StateDocument);
  expect(now).toMatchObject({ id, trigger: 'http', routing: { workflow: 'plan_then_build' } });
  expect(await get(`/v1/orchestrations/${id}?version=1`, StateDocument)).toMatchObject({ version: 1, routing: null });
  expect(await get(`/v1/orchestrations/${id}?time=2100-01-01T00:00:00Z`, StateDocument)).toMatchObject({
    version: now.version,
  });
  expect((await get(`/v1/orchestrations/${id}/why`, WhyDocument)).wait?.kind).toBe('no_worker');

  const first = await get(`/v1/orchestrations/${id}/events?limit=2`, EventPage);
  expect(first.next_after).toBe(2);
  const rest = await get(`/v1/orchestrations/${id}/events?after=2`, EventPage);
  expect(rest.next_after).toBeNull();
  expect([...first.events, ...rest.events].map(({ version }) => version)).toEqual(
    Array.from({ length: now.version }, (_, i) => i + 1),
  );
});

test('commands change the run, and what is not allowed says so', async () => {
  const id = await submit('Add a health endpoint');
  const paused = await post(`/v1/orchestrations/${id}/pause`, { reason: 'lunch' });
  expect(StateDocument.parse(await paused.json())).toMatchObject({ status: 'paused', wait: { kind: 'paused' } });
  expect((await post(`/v1/orchestrations/${id}/resume`)).status).toBe(200);
  const refused = await post(`/v1/orchestrations/${id}/answer`, { answer: 'y' });
  expect(refused.status).toBe(422);
  expect(Problem.parse(await refused.json()).code).toMatch(/^rule\./);
  expect((await post('/v1/orchestrations/orch_20000101_000000_aaaaaaaaaaaa/abort')).status).toBe(404);
});

test('what waits for a person is one list, and all runs are paused and resumed at once', async () => {
  const reply = await post('/v1/orchestrations', { goal: 'Add a health endpoint', mode: 'explicit' });
  const { id } = z.object({ id: z.string() }).parse(await reply.json());
  const { waiting } = await get('/v1/inbox', InboxDocument);
  expect(waiting.filter((item) => item.orchestration === id)).toMatchObject([{ interaction: { kind: 'route' } }]);
  const paused = await post('/v1/pause', { reason: 'freeze' });
  expect(EveryRunDocument.parse(await paused.json()).done).toContain(id);
  expect(EveryRunDocument.parse(await (await post('/v1/resume')).json()).done).toContain(id);
  expect((await post(`/v1/orchestrations/${id}/approve`)).status).toBe(200);
  expect((await get('/v1/inbox', InboxDocument)).waiting.some((item) => item.orchestration === id)).toBe(false);
});

test('an event stream goes on where its reader left it, and ends with the run', async () => {
  const id = await submit('Add a health endpoint');
  const before = await listen(id, null, (seen) => seen >= 2);
  const seen = before.messages.slice(0, 2);
  expect(seen.map(({ id: version, event }) => [version, event])).toEqual([
    ['1', 'goal.submitted'],
    ['2', 'route.decided'],
  ]);

  const after = listen(id, seen.at(-1)?.id ?? null, () => false);
  expect((await post(`/v1/orchestrations/${id}/abort`, { reason: 'seen enough' })).status).toBe(200);
  const { messages } = await after;
  expect(messages[0]?.id).toBe('3');
  expect(messages.at(-1)?.event).toBe('orchestration.aborted');
  expect(messages.map(({ id: version }) => Number(version))).toEqual(messages.map((_, i) => i + 3));

  const again = await listen(id, messages.at(-1)?.id ?? null, () => false);
  expect([again.status, again.messages]).toEqual([204, []]);
});

test('a silent stream shows that it is alive', async () => {
  const id = await submit('Add a health endpoint');
  const { version } = await get(`/v1/orchestrations/${id}`, StateDocument);
  const { messages, comments } = await listen(id, String(version), (_seen, heard) => heard > 2);
  expect(messages).toEqual([]);
  expect(comments).toBeGreaterThan(2);
});

test('a Last-Event-ID that is none is refused', async () => {
  const id = await submit('Add a health endpoint');
  expect((await listen(id, 'yesterday', () => false)).status).toBe(400);
});

test('a goal that does not fit is refused with every problem, and leaves a trace', async () => {
  const digests = async () =>
    (await get('/v1/rejections', z.object({ rejections: z.array(z.object({ digest: z.string() })) }))).rejections
      .length;
  const before = await digests();
  const bad = [
    { goal: '' },
    { goal: 'x'.repeat(900_000) },
    { goal: 'Fix it', priority: 'high', colour: 'red' },
    { goal: 'Fix it', workspace: 'not/absolute' },
    { goal: 'bytes \u0000\u0001' },
    ['a list'],
  ];
  for (const goal of bad) {
    const reply = await post('/v1/orchestrations', goal);
    expect(reply.status).toBe(422);
    expect(Problem.parse(await reply.json()).problems?.length).toBeGreaterThan(0);
  }
  expect(await digests()).toBe(before + bad.length);
});

test('metrics tell what is there, and that nothing is without a reason', async () => {
  await submit('Add a health endpoint');
  let text = '';
  await waitUntil('all is projected', async () => {
    text = await (await fetch(`${gateway.url}/metrics`)).text();
    return /^studio_orchestrations_unprojected 0$/m.test(text) && /^studio_orchestrations_live [1-9]/m.test(text);
  });
  expect(text).toMatch(/^studio_orchestrations_unexplained 0$/m);
  expect(text).toMatch(/^studio_workers\{service="gateway"\} 1$/m);
});

test('it is ready while Redis is fit', async () => {
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});

test('it stops while streams are open', async () => {
  const own = await startGateway({ redis: connect(), tag, config, version: '0', logger });
  const id = await submit('Add a health endpoint');
  const reply = await fetch(`${own.url}/v1/orchestrations/${id}/events`, { headers: { accept: 'text/event-stream' } });
  expect(reply.status).toBe(200);
  const read = reply.text().catch(() => 'cut');
  await own.stop();
  await read;
  await expect(fetch(`${own.url}/healthz`)).rejects.toThrow();
});

test('it refuses to listen beyond this machine without a key', async () => {
  const beyond = { ...config, gateway: { host: '0.0.0.0', port: 0 } };
  await expect(startGateway({ redis: connect(), tag, config: beyond, version: '0', logger })).rejects.toMatchObject({
    code: 'gateway.key_missing',
  });
});
