import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { ForbiddenCommand } from '#engines';
import { settlesWithin } from '../support/in-time.ts';
import { waitUntil } from '../support/wait-until.ts';
import { removeScenes, scene } from './acp-engine.ts';

afterAll(removeScenes);
afterEach(() => void vi.useRealTimers());

/** Time passes when the test says so: how long an agent takes to start is the machine's affair. */
const holdTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });

const failed = (error: string, more: object = {}) => ({
  outcome: 'failed',
  error: expect.stringContaining(error),
  ...more,
});

/** What an agent may do wrong, and what becomes of the request. */
const MISDEEDS: readonly (readonly [name: string, script: object, outcome: object])[] = [
  ['ends before it says a word', { dies: 'at_start', stderr: 'no such model' }, failed('exit code 3')],
  ['ends when it is to begin', { dies: 'at_initialize' }, failed('exit code 3')],
  ['ends when it is to open a session', { dies: 'at_session' }, failed('exit code 3')],
  ['ends within a turn', { turns: [[{ say: 'I' }, { exit: 7 }]] }, failed('exit code 7')],
  [
    'is killed',
    { turns: [[{ shell: 'kill -9 $PPID' }, { hangs: true }]] },
    { outcome: 'failed', category: 'transient', error: expect.stringMatching(/SIGKILL|exit code 137/) },
  ],
  [
    'closes its output and goes on',
    { turns: [[{ closeStdout: true }, { hangs: 'for_ever' }]] },
    failed('closed its output'),
  ],
  ['says a line without end', { turns: [[{ huge: 17_000_000 }]] }, failed('more than 16777216 bytes')],
  ['refuses', { turns: [[{ answer: { stopReason: 'refusal' } }]] }, failed('(refusal)', { category: 'blocker' })],
  ['is cut off', { turns: [[{ answer: { stopReason: 'max_tokens' } }]] }, failed('(max_tokens)')],
  ['calls too often', { turns: [[{ answer: { stopReason: 'max_turn_requests' } }]] }, failed('(max_turn_requests)')],
  ['cancels itself', { turns: [[{ answer: { stopReason: 'cancelled' } }]] }, failed('nobody cancelled it')],
  ['stops for no known reason', { turns: [[{ answer: { stopReason: 'tired' } }]] }, failed('unknown reason (tired)')],
  [
    'is not logged in',
    { newError: { code: -32000, message: 'Authentication required' } },
    failed('scripted login', { category: 'blocker', provider: 'refused_key' }),
  ],
  [
    'has a key that is refused',
    { turns: [[{ error: { code: -32603, message: 'Internal error', data: { details: '401 invalid api key' } } }]] },
    failed('401', { category: 'blocker', provider: 'refused_key' }),
  ],
  [
    'has a provider that is down',
    { turns: [[{ error: { code: -32603, message: 'Internal error', data: { errorKind: 'server_error' } } }]] },
    failed('server_error', { category: 'transient', provider: 'down' }),
  ],
  [
    'has used up its quota',
    { turns: [[{ error: { code: -32603, message: '429 rate limit, retry after 90 seconds' } }]] },
    failed('429', { provider: 'quota', until: expect.stringMatching(/Z$/) }),
  ],
  ['is wrong inside', { turns: [[{ error: { code: -32603, message: 'Internal error' } }]] }, failed('-32603')],
  [
    'knows no prompt',
    { turns: [[{ error: { code: -32601, message: 'no' } }]] },
    failed('-32601', { category: 'blocker' }),
  ],
  ['takes no such parameters', { turns: [[{ error: { code: -32602, message: 'no' } }]] }, failed('-32602')],
  [
    'speaks another version',
    { version: 99 },
    { outcome: 'cannot', reason: expect.stringContaining('version 99'), unblock: expect.stringContaining('speaks 1') },
  ],
];

test.concurrent.each(MISDEEDS)(
  'an agent that %s is a failure that says so, and leaves no process',
  async (_, script, outcome) => {
    const { work, left } = await scene(script);
    expect(await work()).toMatchObject(outcome);
    expect(await left()).toEqual([]);
  },
);

/** What an agent may do that is odd, and hinders nothing. */
const ODDITIES: readonly (readonly [name: string, script: object])[] = [
  ['prints what is no message', { junk: true }],
  ['writes after its answer', { afterwards: 'bye\n{"jsonrpc":"2.0","id":2,"result":{"stopReason":"refusal"}}\n' }],
  [
    'sends what no protocol knows',
    {
      turns: [[{ raw: '{"jsonrpc":"2.0","method":"_x/y"}\n' }, { update: { sessionUpdate: 'dream' } }, { say: 'ok' }]],
    },
  ],
  [
    'tells of other sessions',
    {
      turns: [
        [
          { update: { sessionUpdate: 'usage_update', cost: { amount: 9, currency: 'USD' } }, session: 'other' },
          { say: 'ok' },
        ],
      ],
    },
  ],
  [
    'updates a tool call that it never announced',
    { turns: [[{ update: { sessionUpdate: 'tool_call_update', toolCallId: 'x', status: 'failed' } }, { say: 'ok' }]] },
  ],
  ['goes on when its input has ended', { lingers: true, turns: [[{ say: 'ok' }]] }],
  ['does not even end when it is told to', { ignoreSigterm: true, turns: [[{ say: 'ok' }]] }],
  ['does nothing at all', { turns: [[]] }],
];

test.concurrent.each(ODDITIES)('an agent that %s has done its turn, and nothing of it is left', async (_, script) => {
  const { work, left, used } = await scene(script);
  expect(await work()).toMatchObject({ outcome: 'done', summary: expect.stringMatching(/./) });
  expect(await left()).toEqual([]);
  expect(used).toEqual([]);
});

test('requests that no client offers are answered, so that the agent can go on', async () => {
  const requests = ['fs/read_text_file', 'terminal/create', 'elicitation/create', 'craft/drainMidTurnQueue'];
  const { work, heard } = await scene({ turns: [[...requests.map((request) => ({ request })), { say: 'ok' }]] });
  expect(await work()).toMatchObject({ outcome: 'done' });
  const all = await heard();
  expect(all.filter(({ reply }) => reply)).toEqual(requests.map(() => ({ reply: { code: -32601 } })));
  expect(all[0]).toMatchObject({
    initialize: { clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false } },
  });
});

describe('an agent that does not end', () => {
  const endless = (script: object, ...how: [limits: object, overrides?: object]) =>
    scene({ turns: [[{ leave: 'exec sleep 600' }, { write: 'there' }, { hangs: true }]], ...script }, ...how);
  const isAtWork = ({ directory }: Awaited<ReturnType<typeof scene>>): Promise<void> =>
    waitUntil('it is at work', () => existsSync(join(directory, 'there')));

  test('within the time of a request is canceled, and what it left behind is killed', async () => {
    holdTime();
    const played = await endless({}, { timeoutMs: 1_500 });
    const outcome = played.work();
    await isAtWork(played);
    vi.advanceTimersByTime(1_500);
    expect(await outcome).toMatchObject(failed('did not end within 1.5 s', { category: 'transient' }));
    expect(await played.heard()).toContainEqual({ cancel: expect.any(String) });
    expect(await played.left()).toEqual([]);
  });

  test('and says nothing is ended sooner', async () => {
    holdTime();
    const played = await endless({ ignoreCancel: true }, { silenceMs: 1_000 });
    const outcome = played.work();
    await isAtWork(played);
    vi.advanceTimersByTime(1_000);
    expect(await outcome).toMatchObject(failed('was silent for 1 s'));
    expect(await played.left()).toEqual([]);
  });

  test('to begin is ended, too', async () => {
    const { work, left } = await scene({ silent: true }, { silenceMs: 1_000 });
    expect(await work()).toMatchObject(failed('was silent for 1 s'));
    expect(await left()).toEqual([]);
  });

  test.each([
    ['that obeys', {}],
    ['that ignores to be canceled', { ignoreCancel: true }],
    ['that ignores to be ended', { ignoreCancel: true, ignoreSigterm: true }],
  ])('is gone within a second of an abort, also one %s', async (_, script) => {
    const abort = new AbortController();
    const played = await endless(script, {}, { signal: abort.signal });
    const settled = played.work().catch((error: unknown) => error);
    await isAtWork(played);
    const reason = new Error('the lease is gone');
    abort.abort(reason);
    expect(await settlesWithin(1_500, settled)).toBe(true);
    expect(await settled).toBe(reason);
    expect(await played.left()).toEqual([]);
  });
});

describe('permission', () => {
  const asking = (permission: object, more: object = {}) => ({
    turns: [
      [
        { permission: { title: 'Write b.txt', kind: 'edit', allowed: [{ write: 'b.txt' }], ...permission }, ...more },
        { say: 'ok' },
      ],
    ],
  });
  const answers = async ({ heard }: Awaited<ReturnType<typeof scene>>) =>
    (await heard()).flatMap(({ permission }) => permission ?? []);

  test.concurrent.each([
    ['allow', {}, 'allow_once'],
    ['deny', {}, 'reject_once'],
    ['ask', {}, 'reject_once'],
    [{ edit: 'allow' }, {}, 'allow_once'],
    [{ execute: 'allow' }, {}, 'reject_once'],
    [{ other: 'allow', edit: 'deny' }, {}, 'reject_once'],
    [{ other: 'allow' }, { kind: 'something new' }, 'allow_once'],
    ['allow', { kinds: ['reject_always', 'allow_always'] }, 'allow_always'],
    ['deny', { kinds: ['allow_once'] }, 'cancelled'],
    ['allow', { locations: [{ path: '/etc/passwd' }] }, 'reject_once'],
    ['allow', { locations: [{ path: 'sub/c.txt' }] }, 'allow_once'],
  ] as const)('under %j an agent that asks for %j gets %s', async (permissions, permission, answer) => {
    const played = await scene(asking(permission), { permissions });
    expect(await played.work()).toMatchObject({ outcome: 'done' });
    expect(await answers(played)).toEqual([answer]);
    expect(existsSync(join(played.directory, 'b.txt'))).toBe(answer.startsWith('allow'));
  });

  test("a person who is asked takes none of the agent's time, and the same question is put once", async () => {
    holdTime();
    const permit = vi.fn(async () => {
      vi.advanceTimersByTime(3_600_000);
      return 'allow' as const;
    });
    const played = await scene(asking({}, { times: 2 }), { permissions: 'ask' }, { permit });
    expect(await played.work()).toMatchObject({ outcome: 'done' });
    expect(await answers(played)).toEqual(['allow_once', 'allow_once']);
    expect(permit).toHaveBeenCalledTimes(1);
    expect(permit).toHaveBeenCalledWith(
      expect.objectContaining({ engine: 'agent', kind: 'edit', title: 'Write b.txt' }),
    );
  });

  test('whoever plans changes nothing, whatever the configuration allows', async () => {
    const document = { type: 'cannot', reason: 'no', unblock: 'no' };
    const { turns } = asking({});
    const played = await scene({ turns: [[...(turns[0] ?? []), { say: JSON.stringify(document) }]] });
    await played.plan();
    expect(await answers(played)).toEqual(['reject_once']);
  });

  test.each([
    ['is asked for', { permission: { kind: 'execute', rawInput: { command: ['bash', '-lc', 'rm -rf /'] } } }],
    [
      'is told of',
      { update: { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'x', rawInput: { command: 'rm -rf /' } } },
    ],
  ])('a forbidden command that %s ends all, as one of our own does', async (_, act) => {
    const assertAllowed = (command: string): void => {
      if (command === 'rm -rf /') throw new ForbiddenCommand('security violation');
    };
    const { work, left } = await scene({ turns: [[act, { hangs: true }]] }, {}, { assertAllowed });
    await expect(work()).rejects.toThrow('security violation');
    expect(await left()).toEqual([]);
  });
});
