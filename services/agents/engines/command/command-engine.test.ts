import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineRequestDocument } from '#contracts';
import type { EngineContext, PlanRequest, StepRequest } from '../engine.ts';
import { createCommandEngine } from './command-engine.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'studio-command-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const plan: StepRequest['plan'] = {
  id: 'bp_1',
  task_id: 'T1',
  goal: 'g',
  acceptance_criteria: [],
  steps: [{ id: 'step_1', name: 's', action: 'a', success_criteria: [], depends_on: [] }],
  quality_gates: {},
};
const [step] = plan.steps;
const planRequest: PlanRequest = {
  kind: 'plan',
  goal: 'g',
  taskId: 'T1',
  skills: ['testing'],
  hint: null,
  failure: null,
  round: null,
  answers: [],
};
const stepRequest = (): StepRequest => {
  if (!step) throw new Error('the plan of this test has a step');
  return { kind: 'step', goal: 'g', plan, step, try: 2, previous: { error: 'e', hints: ['h'] }, hint: null };
};

const context = (overrides: Partial<EngineContext> = {}) => {
  const messages: string[] = [];
  return {
    directory,
    signal: new AbortController().signal,
    progress: (message: string) => void messages.push(message),
    stepKey: 'key',
    run: () => Promise.reject(new Error('a command engine runs its own program')),
    messages,
    ...overrides,
  };
};

/** An engine whose program is this shell script. */
const script = (command: string, timeoutMs = 120_000) =>
  createCommandEngine({ name: 'script', command, can: { plan: true, work: true, decompose: true }, timeoutMs });

const work = (command: string, timeoutMs?: number) => script(command, timeoutMs).work(stepRequest(), context());
const DONE = `echo '{"type":"done","summary":"did it"}'`;

test('the program reads one documented document, in the worktree', async () => {
  await work(`cat > request.json; pwd > where; ${DONE}`);
  const document = EngineRequestDocument.parse(JSON.parse(await readFile(join(directory, 'request.json'), 'utf8')));
  expect(document).toMatchObject({ protocol: 1, kind: 'step', directory, step_key: 'key', try: 2, step });
  expect((await readFile(join(directory, 'where'), 'utf8')).trim()).toBe(directory);
});

test('a request that the program does not read is no error', async () => {
  const long = { ...stepRequest(), goal: 'x'.repeat(1_000_000) };
  expect(await script(`exec <&-; ${DONE}`).work(long, context())).toEqual({ outcome: 'done', summary: 'did it' });
});

test('progress, noise and JSON that is not ours are shown; the last word counts', async () => {
  const seen = context();
  const outcome = await script(
    `echo '{"type":"progress","message":"half"}'; echo noise; echo; echo '{"level":30}'; echo '{broken'; ${DONE}; echo bye`,
  ).work(stepRequest(), seen);
  expect(outcome).toEqual({ outcome: 'done', summary: 'did it' });
  expect(seen.messages).toEqual(['half', 'noise', '{"level":30}', '{broken', 'bye']);
});

test('progress arrives while the program runs', async () => {
  const seen = context();
  const result = script(`echo first; until [ -e go ]; do sleep 0.02; done; ${DONE}`).work(stepRequest(), seen);
  await vi.waitFor(() => expect(seen.messages).toEqual(['first']), { timeout: 30_000 });
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(directory, 'go'), '');
  expect(await result).toMatchObject({ outcome: 'done' });
});

test('what a program learned is told apart from its last word', async () => {
  const learned: unknown[] = [];
  const outcome = await script(
    `echo '{"type":"learning","domain":"testing","text":"slow"}'; echo '{"type":"learning","text":"odd"}'; ${DONE}`,
  ).work(stepRequest(), context({ learned: (learning) => void learned.push(learning) }));
  expect(outcome).toEqual({ outcome: 'done', summary: 'did it' });
  expect(learned).toEqual([
    { domain: 'testing', text: 'slow' },
    { domain: null, text: 'odd' },
  ]);
});

test('the program is given learnings, documentation and what was handed over', async () => {
  const learning = { domain: 'global', text: 'use 0', time: '2026-02-02T10:00:00.000Z', orchestration: null };
  const docs = [{ library: 'zod', text: 'z.string()' }];
  const request = { ...stepRequest(), learnings: [learning], docs, handoff: { plan_id: 'bp_1' } };
  await script(`cat > request.json; ${DONE}`).work(request, context());
  const document = EngineRequestDocument.parse(JSON.parse(await readFile(join(directory, 'request.json'), 'utf8')));
  expect(document).toMatchObject({
    learnings: [{ domain: 'global', date: '2026-02-02', text: 'use 0' }],
    docs,
    handoff: { plan_id: 'bp_1' },
  });
});

test('a line of several chunks and characters of several bytes is one line', async () => {
  const outcome = await work(
    `printf '{"type":"done","summ'; sleep 0.05; printf 'ary":"\\303'; sleep 0.05; printf '\\251"}'`,
  );
  expect(outcome).toEqual({ outcome: 'done', summary: 'é' });
});

test('what Studio knows of a plan is filled in, and task and goal cannot be changed', async () => {
  const draft = { task_id: 'other', goal: 'other', steps: [{ id: 's', name: 'n', action: 'a', success_criteria: [] }] };
  const message = JSON.stringify({ type: 'plan', plan: draft, cautions: ['careful'] });
  const outcome = await script(`echo '${message}'`).plan(planRequest, context());
  expect(outcome).toMatchObject({
    outcome: 'planned',
    source: 'engine script',
    cautions: ['careful'],
    plan: { id: expect.stringMatching(/^bp_/), task_id: 'T1', goal: 'g', steps: [{ id: 's', depends_on: [] }] },
  });
});

test('a program may ask before it plans, and only where a round is open', async () => {
  const questions = [{ id: 'q1', question: 'Which?', default: 'this' }];
  const asks = script(`cat > request.json; echo '${JSON.stringify({ type: 'questions', questions })}'`);
  const answers = [{ id: 'q0', question: 'Where?', response: 'here', round: 1, assumed: true }];
  const open = { ...planRequest, round: { number: 2, focus: 'technical constraints' }, answers };
  expect(await asks.plan(open, context())).toEqual({
    outcome: 'questions',
    readiness: 0,
    questions: [{ ...questions[0], options: [] }],
  });
  const document = EngineRequestDocument.parse(JSON.parse(await readFile(join(directory, 'request.json'), 'utf8')));
  expect(document).toMatchObject({ round: open.round, answers });
  expect(await asks.plan(planRequest, context())).toMatchObject({
    outcome: 'failed',
    error: expect.stringContaining('where no round of questions is open'),
  });
});

test.each([
  ['a plan that is not valid', `echo '{"type":"plan","plan":{"steps":[]}}'`, 'a plan message is not valid: plan.steps'],
  ['a word without its fields', `echo '{"type":"done"}'`, 'a done message is not valid: summary'],
  ['two last words', `${DONE}; ${DONE}`, 'it said done and then done'],
  [
    'a plan where work was asked for',
    `echo '${JSON.stringify({ type: 'plan', plan })}'`,
    'answered plan to another question',
  ],
  [
    'a question that is asked twice',
    `echo '{"type":"questions","questions":[{"id":"a","question":"a?","default":"1"},{"id":"a","question":"b?","default":"2"}]}'`,
    'two questions have the same id',
  ],
  ['a learning about nothing we know', `echo '{"type":"learning","domain":"cooking","text":"x"}'; ${DONE}`, 'domain:'],
  ['no last word', 'echo hello', 'ended without plan, questions, map, done, cannot or failed'],
  ['an exit code after done', `${DONE}; echo oops >&2; exit 4`, 'ended with exit code 4\noops'],
  ['an exit code and nothing else', 'echo oops >&2; exit 1', 'ended with exit code 1\noops'],
  ['a signal', 'kill -SEGV $$', 'SIGSEGV'],
  ['no end', 'sleep 60', 'did not end within 0.3 s'],
  ['output without end', 'yes', 'printed more than 8388608 bytes'],
  ['one line without end', "yes | tr -d '\\n'", 'printed more than 8388608 bytes'],
  ['errors without end', 'yes >&2', 'printed more than 8388608 bytes'],
])('%s is a failure that says so', async (name, command, error) => {
  const outcome = await work(command, name === 'no end' ? 300 : undefined);
  expect(outcome).toMatchObject({ outcome: 'failed', error: expect.stringContaining(error) });
});

test('a program that is killed from outside may do it the next time', async () => {
  const killed = { outcome: 'failed', category: 'transient', error: expect.stringContaining('was killed (SIGKILL)') };
  expect(await work('kill -KILL $$')).toEqual(killed);
  expect(await work(`${DONE}; exit 137`)).toMatchObject({ error: expect.stringContaining('exit code 137') });
});

test('failed keeps its category, and cannot its way out, whatever the exit code', async () => {
  expect(await work(`echo '{"type":"failed","error":"busy","category":"transient"}'; exit 1`)).toEqual({
    outcome: 'failed',
    error: 'busy',
    category: 'transient',
  });
  expect(await work(`echo '{"type":"cannot","reason":"no key","unblock":"set KEY"}'; exit 1`)).toEqual({
    outcome: 'cannot',
    reason: 'no key',
    unblock: 'set KEY',
  });
});

test('a program that is not there is a blocker that names its setting', async () => {
  expect(await work('no-such-program-here')).toMatchObject({
    outcome: 'cannot',
    unblock: 'install the program, or correct engines.commands.script.command in .studio/config.yaml',
  });
});

test('a program that goes on after its last word is ended, and its word counts', async () => {
  expect(await work(`${DONE}; sleep 300`)).toEqual({ outcome: 'done', summary: 'did it' });
});

test('what a program leaves behind does not hold its answer back, and is ended', async () => {
  const outcome = await work(`sleep 300 & echo $! > child; ${DONE}`);
  expect(outcome).toEqual({ outcome: 'done', summary: 'did it' });
  const child = Number(await readFile(join(directory, 'child'), 'utf8'));
  await vi.waitFor(
    async () => {
      const stat = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone) Z');
      expect(stat).toMatch(/\) Z/);
    },
    { timeout: 30_000 },
  );
});

test('a program sees the environment it is given and nothing of ours', async () => {
  vi.stubEnv('STUDIO_TEST_SECRET', 'secret');
  const env = { PATH: process.env.PATH ?? '', GIVEN: 'yes' };
  await script(`env > env; ${DONE}`).work(stepRequest(), context({ env }));
  vi.unstubAllEnvs();
  const seen = await readFile(join(directory, 'env'), 'utf8');
  expect(seen).toContain('GIVEN=yes');
  expect(seen).not.toContain('STUDIO_TEST_SECRET');
});

test('secrets are removed from every text of an answer', async () => {
  const redact = (text: string) => text.replaceAll('hunter2', '***');
  const steps = [{ id: 's', name: 'use hunter2', action: 'a', success_criteria: [] }];
  const message = JSON.stringify({ type: 'plan', plan: { steps }, cautions: ['hunter2'] });
  const outcome = await script(`echo '${message}'`).plan(planRequest, context({ redact }));
  expect(outcome).toMatchObject({ plan: { steps: [{ name: 'use ***' }] }, cautions: ['***'] });
});

test('an engine is not asked for what it is not configured to do', async () => {
  const planner = createCommandEngine({
    name: 'thinker',
    command: 'false',
    can: { plan: true, work: false, decompose: true },
  });
  expect(await planner.work(stepRequest(), context())).toMatchObject({
    outcome: 'cannot',
    unblock: expect.stringContaining('engines.commands.thinker.can'),
  });
});
