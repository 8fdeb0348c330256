import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { script } from '../../../../test/support/model-server/scenario.ts';
import type { EngineContext } from '../engine.ts';
import {
  engineAt,
  folderWith,
  KEY,
  listening,
  PROVIDERS,
  plan,
  planRequest,
  serve,
  step,
  stepRequest,
} from './model.fixture.ts';

const submitPlan = { tool: 'submit_plan', input: { plan: { steps: [step] }, cautions: ['nobody said how'] } };
const files = { 'README.md': 'A project that greets.\n' };

describe.each(PROVIDERS)('with %s', (provider) => {
  test('it looks around, plans, and tells of each call once', async () => {
    const server = await serve(script({ calls: [{ read: 'README.md' }] }, { calls: [submitPlan] }));
    const context = listening(await folderWith(files));
    const outcome = await engineAt(server.at, provider).plan(planRequest, context);
    expect(outcome).toMatchObject({
      outcome: 'planned',
      plan: { goal: 'Say hello', task_id: 'T1', steps: [step] },
      source: 'engine mind (scripted)',
      cautions: ['nobody said how'],
    });
    const usage = { provider, model: 'scripted', input_tokens: 1_200, cached_tokens: 200, output_tokens: 50 };
    expect(context.usages).toMatchObject([usage, usage]);
    expect(JSON.stringify(server.requests[1]?.body)).toContain('A project that greets.');
    expect(server.requests.every(({ stream }) => stream)).toBe(true);
  });

  test('it works with tools until it says that it is done', async () => {
    const server = await serve(
      script(
        {
          say: 'I write it.',
          calls: [{ write: { path: 'hello.txt', content: 'hello\n' } }, { shell: 'cat hello.txt' }],
        },
        { calls: [{ edit: { path: 'hello.txt', find: 'hello', replace: 'hello, world' } }] },
        { say: 'The greeting is there.' },
      ),
    );
    const folder = await folderWith(files);
    const context = listening(folder);
    expect(await engineAt(server.at, provider).work(stepRequest, context)).toEqual({
      outcome: 'done',
      summary: 'The greeting is there.',
    });
    expect(await readFile(join(folder, 'hello.txt'), 'utf8')).toBe('hello, world\n');
    expect(JSON.stringify(server.requests[1]?.body)).toMatch(/\[exit code 0\]\\+nhello/);
    expect(context.messages).toEqual(expect.arrayContaining(['wrote hello.txt', 'runs cat hello.txt']));
    expect(context.usages).toHaveLength(3);
  });

  test('a document instead of a call is an answer, and so is one in the middle of words', async () => {
    const server = await serve(
      script({ say: `Here it is:\n\`\`\`json\n${JSON.stringify({ steps: [step] })}\n\`\`\`\nGood luck.` }),
    );
    const outcome = await engineAt(server.at, provider).plan(planRequest, listening(await folderWith(files)));
    expect(outcome).toMatchObject({ outcome: 'planned', plan: { steps: [step] } });
  });

  test('a model that refuses has failed, and says so', async () => {
    const server = await serve(script({ refuse: 'I would rather not.' }));
    const outcome = await engineAt(server.at, provider).work(stepRequest, listening(await folderWith(files)));
    expect(outcome).toMatchObject({ outcome: 'failed', error: expect.stringContaining('refused to answer') });
    expect(outcome).not.toHaveProperty('provider');
  });

  test('an answer that was cut off names the limit', async () => {
    const server = await serve(script({ cut: true }));
    const outcome = await engineAt(server.at, provider).plan(planRequest, listening(await folderWith(files)));
    expect(outcome).toMatchObject({ error: expect.stringContaining('engines.models.mind.limits.output_tokens') });
  });
});

test('OpenAI keeps nothing, Anthropic caches what is the same in each call and is told how much it may write', async () => {
  const server = await serve(script({ say: 'ok' }));
  const context = listening(await folderWith());
  await engineAt(server.at, 'openai').work(stepRequest, context);
  await engineAt(server.at, 'anthropic').work(stepRequest, context);
  expect(server.requests.map(({ body }) => body)).toMatchObject([
    { store: false },
    { cache_control: { type: 'ephemeral' }, max_tokens: 32_000 },
  ]);
});

test('what does not fit is told to the model, and repaired', async () => {
  const cyclic = { ...step, depends_on: ['step_1'] };
  const server = await serve(
    script(
      { calls: [{ tool: 'submit_plan', input: { plan: { steps: 'none' } } }] },
      { calls: [{ tool: 'submit_plan', input: { plan: { steps: [cyclic] } } }] },
      { calls: [submitPlan] },
    ),
  );
  const context = listening(await folderWith(files));
  expect(await engineAt(server.at).plan(planRequest, context)).toMatchObject({ outcome: 'planned' });
  const [, second, third] = server.requests.map(({ body }) => JSON.stringify(body));
  expect(second).toMatch(/does not fit the schema.*expected array, received string/);
  expect(third).toContain('step step_1 depends on itself');
  expect(context.usages).toHaveLength(3);
});

test('what never fits fails after three repairs, and names what is wrong', async () => {
  const server = await serve(script({ calls: [{ tool: 'submit_plan', input: {} }] }));
  const context = listening(await folderWith(files));
  expect(await engineAt(server.at).plan(planRequest, context)).toMatchObject({
    outcome: 'failed',
    category: 'code_error',
    error: expect.stringMatching(/told 3 times what is wrong[\s\S]*plan/),
  });
  expect(context.usages).toHaveLength(4);
});

test('words instead of an answer are no answer', async () => {
  const server = await serve({
    turns: [{ when: 'not an answer', steps: [{ calls: [submitPlan] }] }, { steps: [{ say: 'I think about it.' }] }],
  });
  const context = listening(await folderWith(files));
  expect(await engineAt(server.at).plan(planRequest, context)).toMatchObject({ outcome: 'planned' });
  expect(context.usages).toHaveLength(2);
});

test('it asks where a round is open, and has no tool for it where none is', async () => {
  const questions = [{ id: 'tone', question: 'How friendly?', default: 'very' }];
  const server = await serve(script({ calls: [{ tool: 'ask_questions', input: { readiness: 0.4, questions } }] }));
  const context = listening(await folderWith(files));
  const asking = { ...planRequest, round: { number: 1, focus: 'scope' } };
  expect(await engineAt(server.at).plan(asking, context)).toEqual({
    outcome: 'questions',
    readiness: 0.4,
    questions: [{ ...questions[0], options: [] }],
  });
  expect(await engineAt(server.at).plan(planRequest, context)).toMatchObject({ outcome: 'failed' });
});

test('it cuts a project into tasks', async () => {
  const map = {
    tasks: [
      { id: 'T1', title: 'Greet' },
      { id: 'T2', title: 'Greet all', depends_on: ['T1'] },
    ],
  };
  const loose = { tasks: [{ id: 'T1', title: 'Greet', depends_on: ['T9'] }] };
  const server = await serve(
    script(
      { calls: [{ tool: 'submit_map', input: { map: loose } }] },
      { calls: [{ tool: 'submit_map', input: { map } }] },
    ),
  );
  const request = {
    kind: 'decompose',
    goal: 'Greet',
    specification: '# Greet',
    skills: [],
    hint: null,
    answers: [],
  } as const;
  expect(await engineAt(server.at).decompose(request, listening(await folderWith(files)))).toMatchObject({
    outcome: 'decomposed',
    map: { tasks: [{ id: 'T1' }, { id: 'T2', depends_on: ['T1'] }] },
  });
});

test('what cannot be done is a blocker, in the words of the model', async () => {
  const server = await serve(script({ calls: [{ tool: 'cannot', input: { reason: 'no key', unblock: 'give one' } }] }));
  const outcome = await engineAt(server.at).work(stepRequest, listening(await folderWith(files)));
  expect(outcome).toEqual({ outcome: 'cannot', reason: 'no key', unblock: 'give one' });
});

test('what was learned on the way is kept', async () => {
  const server = await serve(
    script(
      { calls: [{ tool: 'note_learning', input: { text: 'tests need a port', domain: 'testing' } }] },
      { say: 'ok' },
    ),
  );
  const learned: unknown[] = [];
  const context = listening(await folderWith(files), { learned: (learning) => void learned.push(learning) });
  await engineAt(server.at).work(stepRequest, context);
  expect(learned).toEqual([{ domain: 'testing', text: 'tests need a port' }]);
});

test('steps, tokens and money end a request that does not end by itself', async () => {
  const server = await serve(
    script(
      { calls: [{ shell: 'true' }] },
      { calls: [{ shell: 'true' }] },
      { calls: [{ shell: 'true' }] },
      { calls: [{ shell: 'true' }] },
    ),
  );
  const folder = await folderWith(files);
  const work = async (engine: ReturnType<typeof engineAt>, budgets: Partial<EngineContext> = {}) => {
    const context = listening(folder, budgets);
    return { outcome: await engine.work(stepRequest, context), calls: context.usages.length };
  };
  const limits = 'engines.models.mind.limits';
  expect(await work(engineAt(server.at, 'anthropic', { limits: { steps: 2 } }))).toMatchObject({
    outcome: { error: expect.stringContaining(`${limits}.steps`) },
    calls: 2,
  });
  expect(await work(engineAt(server.at, 'anthropic', { limits: { tokens: 2_000 } }))).toMatchObject({
    outcome: { error: expect.stringContaining(`${limits}.tokens`) },
    calls: 2,
  });
  expect(await work(engineAt(server.at, 'anthropic', { priceOf: () => 0.4 }), { budgetUsd: 1 })).toMatchObject({
    outcome: { category: 'blocker', error: expect.stringContaining('may cost $1 and has cost $1.2') },
    calls: 3,
  });
  expect(await work(engineAt(server.at, 'anthropic'), { budgetTokens: 2_000 })).toMatchObject({
    outcome: { category: 'blocker', error: expect.stringContaining('may use 2000 tokens and has used ') },
    calls: 2,
  });
});

test('old output of tools is left out once a call was given too much', async () => {
  const long = 'x'.repeat(2_000);
  const look = { calls: [{ read: 'long.txt' }] };
  const server = await serve(script(...Array.from({ length: 6 }, () => look), { say: 'seen' }));
  const context = listening(await folderWith({ 'long.txt': long }));
  await engineAt(server.at, 'anthropic', { limits: { contextTokens: 1_000 } }).work(stepRequest, context);
  const last = JSON.stringify(server.requests.at(-1)?.body);
  expect(last).toContain('left out to save space');
  expect(last).toContain(long);
});

test('without a key nobody is asked: the blocker names the variable', async () => {
  const server = await serve(script({ say: 'hello' }));
  const engine = engineAt(server.at, 'anthropic', { key: { variable: 'MIND_KEY', value: null } });
  expect(await engine.plan(planRequest, listening(await folderWith(files)))).toEqual({
    outcome: 'cannot',
    reason: expect.stringContaining('MIND_KEY is not set'),
    unblock: expect.stringContaining('set MIND_KEY'),
  });
  expect(server.requests).toHaveLength(0);
});

test('the key is in nothing that it says', async () => {
  const server = await serve(
    script(
      { say: `The key is ${KEY}.\n`, calls: [{ shell: `echo ${KEY}` }, { write: { path: 'a.txt', content: 'a' } }] },
      { say: `done with ${KEY}` },
    ),
  );
  const context = listening(await folderWith(files));
  const outcome = await engineAt(server.at).work(stepRequest, context);
  expect(outcome).toEqual({ outcome: 'done', summary: 'done with [redacted]' });
  expect(JSON.stringify([outcome, context.messages, context.usages])).not.toContain(KEY);
});

test('what it gives its model beside a request can be counted', () => {
  const { instructions } = engineAt('http://127.0.0.1:9');
  const texts = instructions?.({ kind: 'fix', goal: 'g', plan, gate: 'lint', command: 'x', output: '', try: 1 }) ?? [];
  expect(texts.map(({ source }) => source)).toEqual([
    'instructions/work.md',
    ...['list_files', 'read_file', 'search', 'write_file', 'edit_file', 'delete_file', 'move_file', 'run'].map(
      (name) => `tool ${name}`,
    ),
    'tool note_learning',
    'tool cannot',
  ]);
  expect(texts[0]?.text).toContain('You are the builder of Studio');
});
