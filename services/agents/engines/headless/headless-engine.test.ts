import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { AgentPresetName, Usage } from '#contracts';
import type { EngineContext, StepRequest, WorkOutcome } from '../engine.ts';
import { KNOWN_AGENTS } from '../known-agents.ts';
import { createHeadlessEngine, type HeadlessEngineOptions } from './headless-engine.ts';
import { createListener } from './listen.ts';

const folder = mkdtempSync(join(tmpdir(), 'studio-headless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (name: string): string => join(import.meta.dirname, 'adapters', 'recorded', `${name}.jsonl`);

/** What a whole run of a real agent came to, line by line, without the agent. */
const replay = async (agent: AgentPresetName, name: string) => {
  const progress: string[] = [];
  const used: Usage[] = [];
  let gaveUp = 0;
  const listener = createListener({
    adapter: KNOWN_AGENTS[agent].adapter,
    progress: (message) => void progress.push(message),
    used: (usage) => void used.push(usage),
    giveUp: () => void gaveUp++,
    now: () => Date.parse('2026-06-01T12:00:00.000Z'),
  });
  for (const line of (await readFile(recorded(name), 'utf8')).split('\n')) listener.line(line);
  return { ...listener.end(), progress, used, gaveUp };
};

const THREE_CALLS = { input_tokens: 3_600, cached_tokens: 600, cache_write_tokens: 0, output_tokens: 150 };
const ONE_CALL = { input_tokens: 1_200, cached_tokens: 200, cache_write_tokens: 0, output_tokens: 50 };

test.each<[AgentPresetName, readonly Partial<Usage>[], RegExp]>([
  ['claude', [{ ...THREE_CALLS, provider: 'anthropic', cost_usd: expect.closeTo(0.01512) }], /^Write: .*hello\.txt$/],
  ['codex', [{ ...THREE_CALLS, provider: 'openai', cost_usd: null }], /^shell: .*hello\.txt/],
  [
    'gemini',
    [{ ...THREE_CALLS, provider: 'google', model: 'gemini-2.5-flash', cost_usd: null }],
    /^write_file: hello\.txt$/,
  ],
  ['qwen', [{ ...THREE_CALLS, provider: null, cost_usd: null }], /^write_file: hello\.txt$/],
  ['opencode', Array(3).fill({ ...ONE_CALL, cost_usd: 0.00112 }), /^write: .*hello\.txt$/],
])(
  'what a run of %s says is read: its answer, what it did, and what it used, each amount once',
  async (agent, used, did) => {
    const heard = await replay(agent, `${agent}-work`);
    expect(heard).toMatchObject({ answer: 'I wrote hello.txt.\n\nLEARNING: greetings live at the top.', fault: null });
    expect(heard.used).toEqual(used.map((usage) => expect.objectContaining(usage)));
    expect(heard.progress).toEqual(expect.arrayContaining(['I write the file.', expect.stringMatching(did)]));
  },
);

test.each<[AgentPresetName]>([['claude'], ['codex'], ['gemini'], ['qwen'], ['opencode']])(
  'a key that was refused is told by %s with its status',
  async (agent) => {
    expect(await replay(agent, `${agent}-refused-key`)).toMatchObject({ fault: { status: 401 } });
  },
);

test('an agent whose provider wants it to wait for long is given up at once, with the end of the wait', async () => {
  expect(await replay('claude', 'claude-busy')).toMatchObject({
    fault: { status: 429 },
    until: '2026-06-01T12:00:31.107Z',
    gaveUp: 1,
  });
});

test('denied tools are told to people, whatever the agent says of its success', async () => {
  const { progress, fault } = await replay('claude', 'claude-denied');
  expect(fault).toBeNull();
  expect(progress).toContain('was not permitted to use Write');
});

test('an agent that was ended is charged with what its messages say', async () => {
  const used: Usage[] = [];
  const { adapter } = KNOWN_AGENTS.claude;
  const listener = createListener({
    adapter,
    progress: () => undefined,
    used: (usage) => void used.push(usage),
    giveUp: () => undefined,
    now: Date.now,
  });
  const lines = (await readFile(recorded('claude-work'), 'utf8')).split('\n');
  for (const line of lines.filter((text) => !text.includes('"type":"result"'))) listener.line(line);
  listener.end();
  expect(used).toHaveLength(3);
  expect(used[0]).toMatchObject({ input_tokens: 1_200, cached_tokens: 200 });
});

/** An agent that prints what was recorded and notes how it was called. */
const program = async (name: string, script: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(
    file,
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/${name}.args'\nenv > '${folder}/${name}.env'\n${script}\n`,
  );
  await chmod(file, 0o755);
  return file;
};

const plan: StepRequest['plan'] = {
  id: 'bp_1',
  task_id: 'T1',
  goal: 'g',
  acceptance_criteria: [],
  steps: [{ id: 'step_1', name: 's', action: 'a', success_criteria: [], depends_on: [] }],
  quality_gates: {},
};

const work = async (
  name: AgentPresetName,
  script: string,
  {
    options = {},
    context = {},
  }: { readonly options?: Partial<HeadlessEngineOptions>; readonly context?: Partial<EngineContext> } = {},
): Promise<WorkOutcome> => {
  const engine = createHeadlessEngine({
    name,
    agent: KNOWN_AGENTS[name],
    file: await program(name, script),
    can: { plan: true, work: true, decompose: true },
    canSetting: 'engines.allow',
    environment: {},
    timeoutMs: 120_000,
    ...options,
  });
  const [step] = plan.steps;
  if (!step) throw new Error('the plan of this test has a step');
  const request: StepRequest = { kind: 'step', goal: 'g', plan, step, try: 1, previous: null, hint: null };
  return engine.work(request, {
    directory: folder,
    signal: new AbortController().signal,
    progress: () => undefined,
    stepKey: 'key',
    run: () => Promise.reject(new Error('an agent runs its own commands')),
    env: { PATH: process.env.PATH ?? '' },
    ...context,
  });
};

const says = (name: string, exitCode = 0): string => `cat > /dev/null; cat '${recorded(name)}'; exit ${exitCode}`;

test.each<[string, AgentPresetName, string, object]>([
  [
    'a refused key',
    'claude',
    says('claude-refused-key', 1),
    {
      provider: 'refused_key',
      category: 'blocker',
      error: expect.stringContaining('Log in with `claude`, or set ANTHROPIC_API_KEY'),
    },
  ],
  [
    'an account without credit',
    'claude',
    says('claude-no-credit', 1),
    { provider: 'quota', error: expect.stringContaining('Credit balance is too low') },
  ],
  ['a provider that is overloaded', 'codex', says('codex-overloaded', 1), { provider: 'down', category: 'transient' }],
  [
    'a budget that is used up',
    'claude',
    says('claude-budget', 1),
    { category: 'blocker', error: expect.stringContaining('It ended where its budget did') },
  ],
  [
    'a login that was never made',
    'gemini',
    'echo "Invalid auth method selected." >&2; exit 41',
    { provider: 'refused_key' },
  ],
  [
    'an exit code without an answer',
    'codex',
    'echo "segmentation fault" >&2; exit 139',
    {
      error: expect.stringContaining(
        'ended with exit code 139 without a line that Studio knows of Codex CLI\nsegmentation fault',
      ),
    },
  ],
  [
    'exit 0 without a line that is known',
    'gemini',
    'echo hello',
    { error: expect.stringContaining('without a line that Studio knows of Gemini CLI') },
  ],
  [
    'being killed from outside',
    'claude',
    'kill -KILL $$',
    { category: 'transient', error: expect.stringContaining('was killed (SIGKILL)') },
  ],
  ['no end', 'qwen', 'sleep 60', { error: expect.stringContaining('did not end within 0.5 s') }],
  [
    'silence',
    'gemini',
    'echo hello; sleep 60',
    { category: 'transient', error: expect.stringContaining('was silent for 0.4 s and was ended') },
  ],
])('%s is a failure that says whose it is', async (name, agent, script, failure) => {
  const options = { 'no end': { timeoutMs: 500 }, silence: { silenceMs: 400 } }[name] ?? {};
  expect(await work(agent, script, { options })).toEqual(expect.objectContaining({ outcome: 'failed', ...failure }));
});

test('a program that is not there is a blocker that says how to install it', async () => {
  const options = { file: join(folder, 'nowhere') };
  expect(await work('claude', 'true', { options })).toMatchObject({
    outcome: 'cannot',
    unblock: expect.stringContaining('npm install -g @anthropic-ai/claude-code'),
  });
});

test('an agent gets its budget where it takes one, its own variables, and nothing else of the environment', async () => {
  const environment = { ANTHROPIC_API_KEY: 'sk-local' };
  const options = { environment, args: ['--model', 'opus'] };
  expect(await work('claude', says('claude-work'), { options, context: { budgetUsd: 0.25 } })).toEqual({
    outcome: 'done',
    summary: 'I wrote hello.txt.',
  });
  const args = await readFile(join(folder, 'claude.args'), 'utf8');
  expect(args).toContain('--max-budget-usd\n0.25\n');
  expect(args.endsWith('--model\nopus\n')).toBe(true);
  const env = await readFile(join(folder, 'claude.env'), 'utf8');
  expect(env).toContain('ANTHROPIC_API_KEY=sk-local');
  expect(env).toContain('CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1');
  expect(env).not.toContain('HOME=');
});

test('inside a sandbox an agent is not asked to build one of its own', async () => {
  const confine: EngineContext['confine'] = ({ file, args }) => ({ file: 'env', args: [file, ...args] });
  await work('codex', says('codex-work'), { context: { confine } });
  expect(await readFile(join(folder, 'codex.args'), 'utf8')).toContain('--sandbox\ndanger-full-access\n');
  await work('codex', says('codex-work'));
  expect(await readFile(join(folder, 'codex.args'), 'utf8')).toContain('--sandbox\nworkspace-write\n');
});
