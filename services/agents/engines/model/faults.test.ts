import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { type Fault, script } from '../../../../test/support/model-server/scenario.ts';
import type { ModelServer } from '../../../../test/support/model-server/server.ts';
import type { EngineFailure } from '../engine.ts';
import { engineAt, folderWith, KEY, listening, PROVIDERS, serve, stepRequest } from './model.fixture.ts';

const done = { outcome: 'done', summary: 'ok' } as const;

/** The end of a request of which each call goes wrong so, one after the other; what comes then is answered. */
const workWith = async (
  faults: readonly Fault[],
  provider: (typeof PROVIDERS)[number] = 'anthropic',
  overrides: Parameters<typeof engineAt>[2] = {},
) => {
  const server = await serve({ ...script({ say: 'ok' }), faults: [...faults] });
  const context = listening(await folderWith());
  const outcome = await engineAt(server.at, provider, overrides).work(stepRequest, context);
  return { outcome, requests: server.requests.length, usages: context.usages, said: context.messages };
};

const untilOf = (outcome: unknown): number => Date.parse((outcome as { until: string }).until);

describe.each(PROVIDERS)('with %s', (provider) => {
  test('a server that is overloaded, or drops what it says, is asked again', async () => {
    const { outcome, requests, said } = await workWith([{ kind: 'status', status: 529 }, { kind: 'drop' }], provider);
    expect(outcome).toEqual(done);
    expect(requests).toBe(3);
    expect(said).toContain('the provider did not answer, trying again in 1 s');
  });

  test('one that stays so is down', async () => {
    const faults: readonly Fault[] = [
      { kind: 'status', status: 500 },
      { kind: 'malformed' },
      { kind: 'status', status: 529 },
    ];
    const { outcome, requests, usages } = await workWith(faults, provider);
    expect(outcome).toMatchObject({ outcome: 'failed', category: 'transient', provider: 'down' });
    expect(requests).toBe(3);
    expect(usages).toEqual([]);
  });

  test('a short wait that it asks for is ridden out', async () => {
    const { outcome, requests } = await workWith([{ kind: 'status', status: 429, retryAfterS: 0 }], provider);
    expect(outcome).toEqual(done);
    expect(requests).toBe(2);
  });

  test('a long one is told, and not waited for', async () => {
    const before = Date.now();
    const { outcome, requests } = await workWith([{ kind: 'status', status: 429, retryAfterS: 300 }], provider);
    expect(outcome).toMatchObject({ outcome: 'failed', category: 'transient', provider: 'quota' });
    expect(untilOf(outcome)).toBeGreaterThanOrEqual(before + 300_000);
    expect(untilOf(outcome)).toBeLessThanOrEqual(Date.now() + 300_000);
    expect(requests).toBe(1);
  });

  test('an account without credit has no end to wait for', async () => {
    const { outcome, requests } = await workWith([{ kind: 'quota' }], provider);
    expect(outcome).toMatchObject({
      outcome: 'failed',
      category: 'blocker',
      provider: 'quota',
      error: expect.stringContaining('top it up'),
    });
    expect(outcome).not.toHaveProperty('until');
    expect(requests).toBe(1);
  });

  test.each([401, 403])('a key that is refused (%i) is named by its variable, never by its value', async (status) => {
    const { outcome, requests } = await workWith([{ kind: 'status', status }], provider);
    expect(outcome).toMatchObject({
      outcome: 'failed',
      category: 'blocker',
      provider: 'refused_key',
      error: expect.stringContaining('set MIND_KEY'),
    });
    expect(JSON.stringify(outcome)).not.toContain(KEY);
    expect(requests).toBe(1);
  });

  test('a model or an address that is not there is for a person to correct', async () => {
    const { outcome } = await workWith([{ kind: 'status', status: 404 }], provider);
    expect(outcome).toMatchObject({
      outcome: 'cannot',
      unblock: expect.stringContaining('correct engines.models.mind (provider, model, base_url)'),
    });
  });

  test('silence that goes on is a provider that is down', async () => {
    const silent: Fault = { kind: 'silence' };
    const { outcome } = await workWith([silent, silent, silent], provider, { limits: { silenceMs: 50 } });
    expect(outcome).toMatchObject({
      category: 'transient',
      provider: 'down',
      error: expect.stringContaining('nothing came for 0.05 s'),
    });
  });
});

test('silence, before the answer or within it, is a call that failed', async () => {
  const faults: readonly Fault[] = [{ kind: 'silence' }, { kind: 'silence', after: 'begun' }];
  // The answer that comes at last has as long, so it is waited for with all of them at once.
  const ended = await Promise.all(
    PROVIDERS.map((provider) => workWith(faults, provider, { limits: { silenceMs: 2_500 } })),
  );
  for (const { outcome, requests } of ended) expect([outcome, requests]).toEqual([done, 3]);
});

test('a call and a request have their own time', async () => {
  const call = await workWith([{ kind: 'silence', after: 'begun' }], 'anthropic', { limits: { callMs: 100 } });
  expect(call.outcome).toMatchObject({
    provider: 'down',
    error: expect.stringContaining('one call took more than 0.1 s'),
  });
  const request = await workWith([{ kind: 'silence' }], 'anthropic', { timeoutMs: 100 });
  expect(request.outcome).toEqual({
    outcome: 'failed',
    error: 'engine mind (scripted) did not end within 0.1 s: see engines.models.mind.timeout_s in .studio/config.yaml',
  });
});

test('a call that breaks off after it began is counted by what came', async () => {
  const server = await serve({ ...script({ say: 'A long answer. '.repeat(20) }), faults: [{ kind: 'drop' }] });
  const context = listening(await folderWith());
  await engineAt(server.at).work(stepRequest, context);
  expect(context.usages).toHaveLength(2);
  const [broken, whole] = context.usages;
  expect(broken?.input_tokens).toBeGreaterThan(100);
  expect(broken?.output_tokens).toBeGreaterThan(0);
  expect(whole).toMatchObject({ input_tokens: 1_200, output_tokens: 50 });
});

test('nobody listens there: the provider is down', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  const port = await new Promise<number>((resolve) => {
    probe.once('listening', () => resolve((probe.address() as { port: number }).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  const engine = engineAt(`http://127.0.0.1:${port}`);
  expect(await engine.work(stepRequest, listening(await folderWith()))).toMatchObject({
    outcome: 'failed',
    category: 'transient',
    provider: 'down',
    error: expect.stringContaining('ECONNREFUSED'),
  } satisfies Partial<EngineFailure>);
});

/** What is aborted here would take longer by itself. */
const SOONER_MS = 20_000;

/** Aborts as soon as `when` holds. @returns what the work rejected with, if that ended it */
const abortedWhen = async (
  server: ModelServer & { readonly at: string },
  when: (said: readonly string[]) => boolean,
) => {
  const abort = new AbortController();
  const context = listening(await folderWith(), { signal: abort.signal });
  const settled = engineAt(server.at)
    .work(stepRequest, context)
    .catch((error: unknown) => error);
  await vi.waitFor(() => expect(when(context.messages)).toBe(true), { timeout: 30_000, interval: 5 });
  const reason = new Error('the lease is gone');
  abort.abort(reason);
  const late = sleep(SOONER_MS, 'it went on', { ref: false });
  return { reason, rejected: await Promise.race([settled, late]) };
};

test('an abort ends a call that nobody answers', async () => {
  const server = await serve({ ...script({ say: 'ok' }), faults: [{ kind: 'silence' }] });
  const { reason, rejected } = await abortedWhen(server, () => server.waiting() > 0 && server.requests.length > 0);
  expect(rejected).toBe(reason);
  await vi.waitFor(() => expect(server.waiting()).toBe(0), { timeout: 30_000 });
});

test('an abort ends an answer in the middle', async () => {
  const server = await serve({ ...script({ say: 'First this. Then that. '.repeat(200) }), pieceEveryMs: 500 });
  const { reason, rejected } = await abortedWhen(server, (said) => said.some((line) => line.includes('First this')));
  expect(rejected).toBe(reason);
  await vi.waitFor(() => expect(server.waiting()).toBe(0), { timeout: 30_000 });
});

test('an abort ends the wait for another try', async () => {
  const server = await serve({ ...script({ say: 'ok' }), faults: [{ kind: 'status', status: 429, retryAfterS: 25 }] });
  const { reason, rejected } = await abortedWhen(server, (said) => said.some((line) => line.includes('25 s')));
  expect(rejected).toBe(reason);
});
