import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, NoObjectGeneratedError, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startModelServerProcess } from '../support/model-server/process.ts';
import { type Scenario, script } from '../support/model-server/scenario.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Whatever the official clients understand is the protocol. */

const KEY = 'sk-local-secret';

const LIMITS = [
  { kind: 'status', status: 429, retryAfterS: 0 },
  { kind: 'status', status: 529, retryAfterS: 0 },
] as const;

const scenarios: Readonly<Record<string, Scenario>> = {
  work: script(
    { say: 'First a file.', calls: [{ write: { path: 'a.txt', content: 'A' } }] },
    { calls: [{ read: 'a.txt' }, { shell: 'wc -c a.txt' }], tokens: { uncached: 300, written: 40 } },
    { say: 'All done.' },
  ),
  document: script({ json: { name: 'hello', sizes: [1, 2] } }),
  miss: {
    turns: [
      { when: 'does not match', steps: [{ json: { name: 'hello', sizes: [] } }] },
      { steps: [{ json: { name: 1 } }] },
    ],
  },
  no: script({ refuse: 'I cannot help with that.' }),
  cut: script({ say: 'It goes on and', cut: true }),
  plain: script({ say: 'hello, at some length' }),
  limited: script({ say: 'at last' }),
  slow: { ...script({ say: 'one two' }), pieceEveryMs: 5 },
};

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer({ scenarios });
});
afterAll(async () => server?.close());

const clients = {
  anthropic: (url: string) => createAnthropic({ baseURL: `${url}/v1`, apiKey: KEY })('claude-sonnet-4-5'),
  'openai chat': (url: string) => createOpenAI({ baseURL: `${url}/v1`, apiKey: KEY }).chat('gpt-5'),
  'openai responses': (url: string) => createOpenAI({ baseURL: `${url}/v1`, apiKey: KEY }).responses('gpt-5'),
  compatible: (url: string) =>
    createOpenAICompatible({
      name: 'local',
      baseURL: `${url}/v1`,
      apiKey: KEY,
      includeUsage: true,
      supportsStructuredOutputs: true,
    })('any'),
} as const;

/** Tools as a coding agent has them, that write down what they were called with. */
const toolsInto = (calls: unknown[]) => {
  const note = (name: string) => async (input: unknown) => {
    calls.push([name, input]);
    return 'ok';
  };
  return {
    write_file: tool({
      description: 'Writes',
      inputSchema: z.object({ path: z.string(), content: z.string() }),
      execute: note('write_file'),
    }),
    read_file: tool({ description: 'Reads', inputSchema: z.object({ path: z.string() }), execute: note('read_file') }),
    bash: tool({
      description: 'Runs',
      inputSchema: z.object({ command: z.string(), background: z.boolean() }),
      execute: note('bash'),
    }),
  };
};

const WORK_CALLS = [
  ['write_file', { path: 'a.txt', content: 'A' }],
  ['read_file', { path: 'a.txt' }],
  ['bash', { command: 'wc -c a.txt', background: false }],
];

const shape = z.object({ name: z.string(), sizes: z.array(z.number()) });

const failureOf = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => null,
    (error: unknown) => error,
  );

describe.each(Object.entries(clients))('the client %s', (_name, modelAt) => {
  const ask = (scenario: string, prompt = 'Do it', options: { maxRetries?: number; abortSignal?: AbortSignal } = {}) =>
    generateText({ model: modelAt(server.url(scenario)), prompt, maxRetries: 0, ...options });

  test('has its tools called, step by step, and is told what each step cost', async () => {
    const calls: unknown[] = [];
    const result = await generateText({
      model: modelAt(server.url('work')),
      instructions: 'You work.',
      prompt: 'Do it',
      tools: toolsInto(calls),
      stopWhen: isStepCount(9),
    });
    expect(calls).toEqual(WORK_CALLS);
    expect(result.text).toBe('All done.');
    expect(result.finishReason).toBe('stop');
    expect(result.steps.map(({ text }) => text)).toEqual(['First a file.', '', 'All done.']);
    expect(result.usage).toMatchObject({ inputTokens: 1_200 + 540 + 1_200, outputTokens: 150 });
    expect(result.usage.inputTokenDetails).toMatchObject({ cacheReadTokens: 600 });
  });

  test('gets the same as a stream', async () => {
    const calls: unknown[] = [];
    const result = streamText({
      model: modelAt(server.url('work')),
      prompt: 'Do it',
      tools: toolsInto(calls),
      stopWhen: isStepCount(9),
    });
    expect(await result.text).toBe('All done.');
    expect(calls).toEqual(WORK_CALLS);
    expect(await result.usage).toMatchObject({ inputTokens: 2_940, outputTokens: 150 });
  });

  test('gets a document in the shape that it asked for', async () => {
    const model = modelAt(server.url('document'));
    const { output } = await generateText({ model, prompt: 'Do it', output: Output.object({ schema: shape }) });
    expect(output).toEqual({ name: 'hello', sizes: [1, 2] });
  });

  test('is not given what it asked for, and is when it says so', async () => {
    const model = modelAt(server.url('miss'));
    const output = Output.object({ schema: shape });
    const missed = generateText({ model, prompt: 'Do it', output }).then((result) => result.output);
    expect(await failureOf(missed)).toBeInstanceOf(NoObjectGeneratedError);
    const again = await generateText({ model, prompt: 'That does not match the schema', output });
    expect(again.output).toEqual({ name: 'hello', sizes: [] });
  });

  test('is refused, cut off, and answered slowly', async () => {
    const refused = await ask('no');
    expect(refused.text === '' || refused.finishReason === 'content-filter').toBe(true);
    expect(await ask('cut')).toMatchObject({ text: 'It goes on and', finishReason: 'length' });
    const slow = streamText({ model: modelAt(server.url('slow')), prompt: 'Do it' });
    expect(await slow.text).toBe('one two');
  });

  test('rides out a limit and an overload, each of which happens once', async () => {
    server.inject('limited', ...LIMITS);
    expect(await ask('limited', 'Do it', { maxRetries: 2 })).toMatchObject({ text: 'at last' });
    server.inject('limited', { kind: 'status', status: 500, retryAfterS: 0 }, { kind: 'status', status: 429 });
    const failure = await failureOf(ask('limited'));
    expect(failure).toMatchObject({ statusCode: 500, isRetryable: true });
    expect(await failureOf(ask('limited'))).toMatchObject({ statusCode: 429 });
    expect(await ask('limited')).toMatchObject({ text: 'at last' });
  });

  test('is told by no retry that its key is wrong or that its account is empty', async () => {
    server.inject('plain', { kind: 'status', status: 401 }, { kind: 'quota' });
    expect(await failureOf(ask('plain'))).toMatchObject({ statusCode: 401, isRetryable: false });
    expect(await failureOf(ask('plain'))).toMatchObject({ message: expect.stringMatching(/quota|credit/) });
  });

  test('loses the connection, or is sent what is no JSON', async () => {
    server.inject('plain', { kind: 'drop' }, { kind: 'malformed' });
    expect(await failureOf(ask('plain'))).toMatchObject({ isRetryable: true });
    expect(await failureOf(ask('plain'))).toMatchObject({ message: expect.stringMatching(/JSON|process/) });
    for (const kind of ['drop', 'malformed'] as const) {
      server.inject('plain', { kind });
      const errors: unknown[] = [];
      const broken = streamText({
        model: modelAt(server.url('plain')),
        prompt: 'Do it',
        maxRetries: 0,
        onError: ({ error }) => void errors.push(error),
      });
      errors.push(await failureOf(broken.text)); // a broken connection ends the stream, broken JSON is a part of it
      expect(errors, kind).toContainEqual(expect.objectContaining({ message: expect.stringMatching(/JSON|process/) }));
    }
    expect(await ask('plain')).toMatchObject({ text: 'hello, at some length' });
  });

  test('waits in vain until it gives up', async () => {
    server.inject('plain', { kind: 'silence' });
    const abort = new AbortController();
    const asked = failureOf(ask('plain', 'Do it', { abortSignal: abort.signal }));
    await waitUntil('the server was asked', () => server.waiting() === 1);
    abort.abort(new Error('enough'));
    expect(await asked).toMatchObject({ message: 'enough' });
    await waitUntil('the client has gone', () => server.waiting() === 0);
  });
});

test('the requests are there to be looked at, and no key is in them', async () => {
  const before = server.requests.length;
  const model = clients.anthropic(server.url('plain'));
  await generateText({ model, instructions: 'You work.', prompt: 'Say something' });
  expect(server.requests.slice(before)).toEqual([
    {
      scenario: 'plain',
      protocol: 'anthropic',
      model: 'claude-sonnet-4-5',
      stream: false,
      asked: 'Say something',
      calls: 0,
      side: false,
      body: expect.objectContaining({ messages: expect.any(Array) }),
    },
  ]);
  expect(JSON.stringify(server.requests)).not.toContain(KEY);
});

test('Gemini has its functions called', async () => {
  const functionDeclarations = [
    { name: 'run_shell_command', parameters: { type: 'object', properties: { command: {} } } },
  ];
  const asked = { role: 'user', parts: [{ text: 'Do it' }] };
  const called = { role: 'model', parts: [{ functionCall: { name: 'write_file', args: {} } }] };
  const result = { role: 'user', parts: [{ functionResponse: { name: 'write_file', response: {} } }] };
  const ask = async (contents: readonly unknown[], method = 'generateContent'): Promise<string> => {
    const body = JSON.stringify({ contents, tools: [{ functionDeclarations }] });
    const url = `${server.url('work')}/v1beta/models/gemini-2.5-flash:${method}`;
    return (await fetch(url, { method: 'POST', body })).text();
  };
  const [candidate] = JSON.parse(await ask([asked])).candidates;
  expect(candidate.content.parts.at(-1).functionCall).toEqual({
    name: 'run_shell_command',
    args: { command: `mkdir -p "$(dirname 'a.txt')" && printf %s 'A' > 'a.txt'` },
  });
  const third = [asked, called, result, called, result, called, result];
  expect(JSON.parse(await ask(third))).toMatchObject({
    candidates: [{ content: { parts: [{ text: 'All done.' }] } }],
    usageMetadata: { promptTokenCount: 1_200, cachedContentTokenCount: 200, candidatesTokenCount: 50 },
  });
  expect(await ask(third, 'streamGenerateContent?alt=sse')).toMatch(/^data: \{.*\}\n\n/);
});

test('what an agent asks for itself is answered shortly and moves no script on', async () => {
  const model = clients.compatible(server.url('limited'));
  server.inject('limited', { kind: 'status', status: 500 });
  const instructions = 'You are a title generator.';
  expect(await generateText({ model, instructions, prompt: 'Do it', maxRetries: 0 })).toMatchObject({ text: 'ok' });
  expect(await failureOf(generateText({ model, prompt: 'Do it', maxRetries: 0 }))).toMatchObject({ statusCode: 500 });
});

test('a killed server goes on where it was, and what happens once does not happen again', async () => {
  const own = await startModelServerProcess({
    limited: { ...script({ say: 'at last' }), faults: [{ kind: 'quota' }] },
  });
  try {
    const model = clients.anthropic(own.url('limited'));
    const ask = () => generateText({ model, prompt: 'Do it', maxRetries: 0 });
    expect(await failureOf(ask())).toMatchObject({ message: expect.stringContaining('credit') });
    await own.inject('limited', { kind: 'silence' });
    const asked = failureOf(ask());
    await waitUntil('the server was asked', () => own.requests().length === 2);
    await own.kill();
    expect(await asked).toMatchObject({ isRetryable: true });
    await own.respawn();
    expect(await ask()).toMatchObject({ text: 'at last' });
    expect(own.requests()).toHaveLength(3);
  } finally {
    await own.stop();
  }
});
