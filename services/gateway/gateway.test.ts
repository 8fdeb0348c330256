import { afterEach, describe, expect, test } from 'vitest';
import type { Studio } from '#client';
import { ControlCommand, NotFound, RuleViolation, type SubmitAnswer, Unavailable } from '#contracts';
import { AppendConflict, MalformedEvent, SystemFull } from '#events';
import { createLogger } from '#runtime/logger';
import { createServer } from './create-server.ts';
import { requireSafeAddress } from './guard.ts';
import { openApiDocument } from './openapi.ts';

const id = 'orch_20260202_143052_a1b2c3d4e5f6';
const unasked = () => {
  throw new Error('the route asked for something this test did not expect');
};

/** A client of which only the named parts may be asked. */
const studioWith = (parts: Partial<Studio>): Studio => {
  const known: Partial<Studio> = { resolve: async (given) => given, close: async () => {}, ...parts };
  // Whatever part is asked for beyond these throws when it is called.
  return new Proxy(known, { get: (target, name) => Reflect.get(target, name) ?? unasked }) as Studio;
};

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

const serve = async (parts: Partial<Studio>, apiKey?: string, lines?: string[]) => {
  const app = await createServer({
    studio: studioWith(parts),
    version: '0.0.0',
    logger: createLogger({ name: 'test', level: 'debug', stream: { write: (line) => void lines?.push(line) } }),
    ready: async () => {},
    metrics: async () => '',
    observe: () => {},
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  open.push(app);
  return app;
};

const post = { method: 'POST', url: '/v1/orchestrations' } as const;
const json = { 'content-type': 'application/json' };

describe('a submit is answered honestly', () => {
  const answers: readonly (readonly [SubmitAnswer, number])[] = [
    [{ outcome: 'created', id }, 201],
    [{ outcome: 'duplicate', id }, 200],
    [{ outcome: 'conflict', id, problems: ['the key belongs to another goal'] }, 409],
    [{ outcome: 'rejected', problems: ['goal: say what is to be done'] }, 422],
  ];
  test.each(answers)('%o', async (answer, status) => {
    const app = await serve({ submit: async () => answer });
    const reply = await app.inject({ ...post, payload: { goal: 'Fix it' } });
    expect(reply.statusCode).toBe(status);
    if (status < 300) expect(reply.json()).toEqual(answer);
    else expect(reply.json()).toMatchObject({ status, problems: 'problems' in answer ? answer.problems : [] });
  });

  test('the Idempotency-Key header is the key of the goal', async () => {
    const goals: unknown[] = [];
    const submit: Studio['submit'] = async (goal) => {
      goals.push(goal);
      return { outcome: 'created', id };
    };
    const app = await serve({ submit });
    await app.inject({ ...post, headers: { 'idempotency-key': 'k1' }, payload: { goal: 'Fix it' } });
    const twoKeys = { ...post, headers: { 'idempotency-key': 'k1' }, payload: { goal: 'Fix it', key: 'k2' } };
    expect((await app.inject(twoKeys)).statusCode).toBe(422);
    expect(goals).toEqual([{ goal: 'Fix it', key: 'k1' }]);
  });

  test('a goal that does not fit reaches intake as it came, so that it leaves a trace', async () => {
    const goals: unknown[] = [];
    const app = await serve({
      submit: async (goal) => {
        goals.push(goal);
        return { outcome: 'rejected', problems: ['goal: expected string'] };
      },
    });
    const reply = await app.inject({ ...post, payload: { goal: 7, gaol: 'x' } });
    expect(reply.statusCode).toBe(422);
    expect(goals).toEqual([{ goal: 7, gaol: 'x' }]);
  });
});

describe('what an error tells the caller to do is its status', () => {
  const errors: readonly (readonly [Error, number, string])[] = [
    [new NotFound('there is none'), 404, 'input.not_found'],
    [new RuleViolation('not_open', 'no question is open'), 422, 'rule.not_open'],
    [new AppendConflict(id, 1, 2), 409, 'log.append_conflict'],
    [new Unavailable('redis is away'), 503, 'dependency.unavailable'],
    [new SystemFull('memory is used up'), 503, 'system.full'],
    [new MalformedEvent('bytes'), 500, 'log.malformed_event'],
    [new Error('secret detail'), 500, 'unexpected'],
  ];
  test.each(errors)('%s is %i %s', async (error, status, code) => {
    const app = await serve({ state: () => Promise.reject(error) });
    const reply = await app.inject(`/v1/orchestrations/${id}`);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ status, code });
    expect(reply.body).not.toContain('secret detail');
  });
});

describe('requests that cannot be meant are refused', () => {
  const requests = [
    ['malformed JSON', { ...post, headers: json, payload: '{"goal":' }, 400],
    ['no body', { ...post, headers: json, payload: '' }, 400],
    ['a body over 1 MiB', { ...post, headers: json, payload: JSON.stringify({ goal: 'x'.repeat(1_048_576) }) }, 413],
    [
      'bytes',
      { ...post, headers: { 'content-type': 'application/octet-stream' }, payload: Buffer.from([0, 255]) },
      415,
    ],
    ['text', { ...post, headers: { 'content-type': 'text/plain' }, payload: 'Fix it' }, 415],
    ['prototype pollution', { ...post, headers: json, payload: '{"goal":"x","__proto__":{"admin":true}}' }, 400],
    [
      'pollution by constructor',
      { ...post, headers: json, payload: '{"goal":"x","constructor":{"prototype":{"admin":true}}}' },
      400,
    ],
    ['a path that is none', { method: 'GET', url: '/v2/orchestrations' }, 404],
    ['an unknown command', { method: 'POST', url: `/v1/orchestrations/${id}/explode` }, 404],
    ['an unknown filter', { method: 'GET', url: '/v1/orchestrations?colour=red' }, 400],
    ['a status that is none', { method: 'GET', url: '/v1/orchestrations?status=done' }, 400],
    ['a limit of zero', { method: 'GET', url: '/v1/orchestrations?limit=0' }, 400],
    ['version and time', { method: 'GET', url: `/v1/orchestrations/${id}?version=1&time=2026-02-02T14:30:52Z` }, 400],
    ['a version that is none', { method: 'GET', url: `/v1/orchestrations/${id}?version=one` }, 400],
    ['an id of 10,000 characters', { method: 'GET', url: `/v1/orchestrations/${'x'.repeat(10_000)}` }, 414],
    [
      'a command with an unknown field',
      { method: 'POST', url: `/v1/orchestrations/${id}/abort`, payload: { y: 1 } },
      422,
    ],
    ['an answer without an answer', { method: 'POST', url: `/v1/orchestrations/${id}/answer`, payload: {} }, 422],
  ] as const;
  test.each(requests)('%s', async (_name, request, status) => {
    const app = await serve({});
    const reply = await app.inject(request);
    expect([reply.statusCode, reply.json().status]).toEqual([status, status]);
    expect(reply.headers['content-type']).toContain('application/problem+json');
  });
});

test('a command that needs nothing more needs no body', async () => {
  const commands: unknown[] = [];
  const control: Studio['control'] = async (_id, command) => {
    commands.push(command);
    throw new NotFound('enough');
  };
  const app = await serve({ control });
  for (const name of ['pause', 'resume', 'skip', 'retry', 'abort'])
    await app.inject({ method: 'POST', url: `/v1/orchestrations/${id}/${name}` });
  expect(commands).toEqual([
    { command: 'pause', reason: null },
    { command: 'resume', checkpoint: null },
    { command: 'skip' },
    { command: 'retry', hint: null },
    { command: 'abort', reason: null },
  ]);
});

describe('who is served', () => {
  const key = 'a-long-secret-key';
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const cases: readonly (readonly [string, string | undefined, string, Record<string, string>, number])[] = [
    ['the key', key, '/v1/workers', bearer(key), 200],
    ['no key', key, '/v1/workers', {}, 401],
    ['another key', key, '/v1/workers', bearer('guess'), 401],
    ['the key in another scheme', key, '/v1/workers', { authorization: `Basic ${key}` }, 401],
    ['metrics without the key', key, '/metrics', {}, 401],
    ['a probe without the key', key, '/healthz', {}, 200],
    ['a route that is not there, without the key', key, '/nothing', {}, 401],
    ['the key under any name', key, '/v1/workers', { ...bearer(key), host: 'studio.example' }, 200],
    ['this machine where no key is set', undefined, '/v1/workers', { host: '127.0.0.1:4100' }, 200],
    ['IPv6 loopback where no key is set', undefined, '/v1/workers', { host: '[::1]:4100' }, 200],
    ['a name that was rebound to here', undefined, '/v1/workers', { host: 'evil.example' }, 403],
    ['a page of another site', undefined, '/v1/workers', { host: 'localhost', origin: 'https://evil.example' }, 403],
    ['a page without an origin', undefined, '/v1/workers', { host: 'localhost', origin: 'null' }, 403],
  ];
  test.each(cases)('%s', async (_name, apiKey, url, headers, status) => {
    const lines: string[] = [];
    const app = await serve({ workers: async () => [] }, apiKey, lines);
    expect((await app.inject({ url, headers })).statusCode).toBe(status);
    expect(lines.join('')).not.toContain(key);
  });

  test('an address that others reach is refused without a key', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.10', 'studio.example'])
      expect(() => requireSafeAddress(host, undefined)).toThrow('STUDIO_API_KEY');
    requireSafeAddress('0.0.0.0', key);
    for (const host of ['127.0.0.1', 'localhost', '::1']) requireSafeAddress(host, undefined);
  });
});

test('a policy to be tried is asked of the client as it was sent, and refused with every problem', async () => {
  const asked: unknown[] = [];
  const app = await serve({
    backtest: async (options) => {
      asked.push(options);
      throw new NotFound('there is none');
    },
  });
  const url = '/v1/backtest';
  await app.inject({ method: 'POST', url, payload: { policy: { recovery: { step_tries: 3 } } } });
  expect(asked).toEqual([{ policy: { recovery: { step_tries: 3 } }, last: 1_000 }]);
  const wrong = { policy: { recovery: { step_tries: 0 }, colour: 'blue' }, last: 0 };
  const reply = await app.inject({ method: 'POST', url, payload: wrong });
  expect(reply.statusCode).toBe(422);
  expect(reply.json().problems).toHaveLength(3);
  expect(asked).toHaveLength(1);
});

test('a dry run is asked of the client as the goal was sent', async () => {
  const asked: unknown[] = [];
  const app = await serve({
    dryRun: async (goal) => {
      asked.push(goal);
      throw new NotFound('there is none');
    },
  });
  await app.inject({ method: 'POST', url: '/v1/dry-run', payload: { goal: 'Fix it', mode: 'explicit' } });
  expect(asked).toEqual([{ goal: 'Fix it', mode: 'explicit' }]);
});

test('the OpenAPI document names every command, and whatever else is served', async () => {
  const document = await openApiDocument('1.2.3');
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  const commands = ControlCommand.options.map(({ shape }) => shape.command.value);
  expect(Object.keys(document.paths ?? {})).toEqual(
    expect.arrayContaining([
      '/healthz',
      '/metrics',
      '/readyz',
      '/v1/backtest',
      '/v1/dry-run',
      '/v1/orchestrations',
      '/v1/orchestrations/{id}',
      ...commands.map((command) => `/v1/orchestrations/{id}/${command}`),
      '/v1/orchestrations/{id}/events',
      '/v1/orchestrations/{id}/why',
      '/v1/rejections',
      '/v1/route',
      '/v1/workers',
    ]),
  );
});

test('budget and learnings are asked of the client as they were asked for', async () => {
  const asked: unknown[] = [];
  const app = await serve({
    budget: async (run) => {
      asked.push(run);
      throw new NotFound('there is none');
    },
    learnings: async (query) => {
      asked.push(query);
      return { learnings: [] };
    },
  });
  const statuses: number[] = [];
  for (const url of [`orchestrations/${id}/budget`, 'budget', 'learnings?domain=testing', 'learnings?domain=kitchen'])
    statuses.push((await app.inject(`/v1/${url}`)).statusCode);
  expect(asked).toEqual([id, null, { domain: 'testing' }]);
  expect(statuses).toEqual([404, 404, 200, 400]);
});
