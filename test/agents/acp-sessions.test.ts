import { afterAll, describe, expect, test } from 'vitest';
import { AGENT_PRESETS, type SessionKeeper } from '#engines';
import type { Program } from '#sandbox';
import { removeScenes, scene } from './acp-engine.ts';

afterAll(removeScenes);

const earlier = (costUsd: number | null = null): { session: SessionKeeper } => ({
  session: { current: { id: 'earlier', costUsd }, keep: () => undefined },
});
const asked = async ({ heard }: Awaited<ReturnType<typeof scene>>, ...kinds: readonly string[]) =>
  (await heard()).filter((one) => kinds.some((kind) => kind in one));
const opened = (played: Awaited<ReturnType<typeof scene>>) => asked(played, 'new', 'resume', 'load');

describe('a conversation', () => {
  test('that is new is opened in the workspace, and kept', async () => {
    const played = await scene({ session: 's1' });
    await played.work();
    expect(await opened(played)).toEqual([{ new: { cwd: played.directory, mcpServers: [] } }]);
    expect(played.kept[0]).toEqual({ id: 's1', costUsd: null });
  });

  test('is gone on with where the agent can', async () => {
    const played = await scene({ resume: true, load: true }, {}, earlier());
    await played.work();
    expect(await opened(played)).toEqual([{ resume: 'earlier' }]);
  });

  test('is loaded where that is all the agent can, and what it repeats of it counts for nothing', async () => {
    const played = await scene({ load: true, turns: [[{ say: 'new words' }]] }, {}, earlier());
    expect(await played.work()).toEqual({ outcome: 'done', summary: 'new words' });
    expect(await opened(played)).toEqual([{ load: 'earlier' }]);
    expect(played.context.messages.join()).not.toContain('an old call');
  });

  test.concurrent.each([
    ['that is gone', { resume: true, forgets: true }, ['resume', 'new']],
    ['that the agent cannot go on with', {}, ['new']],
  ])('%s is begun anew', async (_, script, methods) => {
    const played = await scene(script, {}, earlier(5));
    expect(await played.work()).toMatchObject({ outcome: 'done' });
    expect((await opened(played)).flatMap(Object.keys)).toEqual(methods);
  });

  test('goes on when an answer cannot be read: once more in the same session of the same process', async () => {
    const answer = { type: 'cannot', reason: 'no', unblock: 'do it yourself' };
    const played = await scene({ turns: [[{ say: 'no JSON' }], [{ say: JSON.stringify(answer) }]] });
    expect(await played.plan()).toEqual({ outcome: 'cannot', reason: 'no', unblock: 'do it yourself' });
    expect(await opened(played)).toHaveLength(1);
    const [first, second] = await asked(played, 'prompt');
    expect(first?.prompt).toContain('You plan how a goal is reached');
    expect(second?.prompt).toMatch(/^Your answer could not be used: there is no JSON document in it/);
  });
});

describe('a mode', () => {
  test.concurrent.each([
    ['is set by its name', { modes: ['ask', 'code'] }, { mode: 'code' }, [{ mode: 'code' }]],
    [
      'may be an option',
      {
        configOptions: [
          {
            id: 'm',
            name: 'Mode',
            type: 'select',
            category: 'mode',
            currentValue: 'a',
            options: [{ value: 'code', name: 'Code' }],
          },
        ],
      },
      { mode: 'code' },
      [{ option: 'm', value: 'code' }],
    ],
    ['of a preset is left out where the agent has it no more', { modes: ['x'] }, { preset: AGENT_PRESETS.codex }, []],
  ])('%s', async (_, script, options, heard) => {
    const played = await scene(script, options);
    expect(await played.work()).toMatchObject({ outcome: 'done' });
    expect(await asked(played, 'mode', 'option')).toEqual(heard);
  });

  test('is another one to plan in', async () => {
    const played = await scene({ modes: ['agent', 'read-only'] }, { preset: AGENT_PRESETS.codex });
    await played.plan();
    expect(await asked(played, 'mode')).toEqual([{ mode: 'read-only' }]);
  });

  test('is without limits of its own where a sandbox is around it, and it could build none in there', async () => {
    const script = { modes: ['agent', 'read-only', 'agent-full-access'] };
    // `env` stands for the sandbox: it starts the same program.
    const confine = ({ file, args }: Program) => ({ file: 'env', args: [file, ...args] });
    const played = await scene(script, { preset: AGENT_PRESETS.codex }, { confine });
    await played.plan();
    await played.work();
    const mode = 'agent-full-access';
    expect(await asked(played, 'mode')).toEqual([{ mode }, { mode }]);
  });

  test('that the agent does not have is a blocker that names those it has', async () => {
    const { work } = await scene({ modes: ['ask', 'code'] }, { mode: 'yolo' });
    expect(await work()).toEqual({
      outcome: 'cannot',
      reason: 'engine agent: the agent has no mode yolo',
      unblock: 'set engines.agents.agent.mode in .studio/config.yaml to one of ask, code',
    });
  });
});

describe('what an agent used', () => {
  const tokens = (input: number, cached: number, output: number) => ({
    input_tokens: input,
    cached_tokens: cached,
    cache_write_tokens: 0,
    output_tokens: output,
  });
  const usage = { totalTokens: 3750, inputTokens: 3000, outputTokens: 150, cachedReadTokens: 600 };
  const quota = { quota: { token_count: { input_tokens: 3600, output_tokens: 150 } } };
  const call = { say: 'x', meta: { usage: { inputTokens: 1200, outputTokens: 50, cachedReadTokens: 200 } } };

  test.concurrent.each([
    ['claude', [{ cost: 0.02 }, { answer: { usage } }], { ...tokens(3600, 600, 150), cost_usd: 0.02 }],
    ['codex', [{ answer: { usage } }], { ...tokens(3600, 600, 150), cost_usd: null, provider: 'openai' }],
    ['gemini', [{ answer: { _meta: quota } }], tokens(3600, 0, 150)],
    ['qwen', [call, call, call], tokens(3600, 600, 150)],
    ['opencode', [{ answer: { usage } }], tokens(3600, 600, 150)],
  ] as const)('is read as %s says it', async (name, turn, expected) => {
    const played = await scene({ turns: [turn] }, { preset: AGENT_PRESETS[name] });
    await played.work();
    expect(played.used).toEqual([expect.objectContaining(expected)]);
  });

  test('of an agent that nobody knows is read by its sum: what came from a cache is a part of it, or not', async () => {
    const beside = await scene({ turns: [[{ answer: { usage } }]] });
    await beside.work();
    const part = await scene({ turns: [[{ answer: { usage: { ...usage, totalTokens: 3150 } } }]] });
    await part.work();
    expect([...beside.used, ...part.used].map(({ input_tokens }) => input_tokens)).toEqual([3600, 3000]);
  });

  test('is what the cost of a session has grown by, also of one that another process began', async () => {
    const turns = [
      [{ cost: 0.75 }, { say: 'no JSON' }],
      [{ cost: 1 }, { say: 'none' }],
    ];
    const played = await scene({ resume: true, turns }, {}, earlier(0.5));
    await played.plan();
    expect(played.used.map(({ cost_usd }) => cost_usd)).toEqual([0.25, 0.25]);
    const anew = await scene({ turns }, {}, earlier(0.5));
    await anew.plan();
    expect(anew.used.map(({ cost_usd }) => cost_usd)).toEqual([0.75, 0.25]);
  });

  test('counts also where the turn came to a bad end', async () => {
    const played = await scene(
      { turns: [[{ cost: 0.5 }, { hangs: true }]], cancelAnswer: { usage } },
      { timeoutMs: 1_000 },
    );
    expect(await played.work()).toMatchObject({ outcome: 'failed' });
    expect(played.used).toEqual([expect.objectContaining({ input_tokens: 3600, cost_usd: 0.5 })]);
  });

  test('ends the request where it is more than that may cost', async () => {
    const played = await scene({ turns: [[{ cost: 0.5 }, { hangs: true }]] }, {}, { budgetUsd: 0.3 });
    expect(await played.work()).toMatchObject({
      outcome: 'failed',
      category: 'blocker',
      error: expect.stringContaining('spent $0.5000 of the $0.3000'),
    });
    expect(played.used).toEqual([expect.objectContaining({ cost_usd: 0.5 })]);
    expect(await played.left()).toEqual([]);
  });
});

test('a program that is not there is a blocker that says what to install', async () => {
  const { work } = await scene({}, { command: 'codex-acp-of-nobody', preset: AGENT_PRESETS.codex });
  expect(await work()).toEqual({
    outcome: 'cannot',
    reason: expect.stringContaining('could not start `codex-acp-of-nobody`'),
    unblock: expect.stringContaining('npm install -g @agentclientprotocol/codex-acp'),
  });
});

test('an agent sees the environment of commands and what it is given, and runs in the sandbox that is in force', async () => {
  const wrapped: string[] = [];
  const { work } = await scene(
    { stderr: 'saw $SECRET', dies: 'at_session' },
    { environment: { SECRET: 'only mine' } },
    {
      confine: (program) => {
        wrapped.push(program.file);
        return program;
      },
    },
  );
  expect(await work()).toMatchObject({ error: expect.stringContaining('saw only mine') });
  expect(wrapped).toEqual(['sh']);
});
