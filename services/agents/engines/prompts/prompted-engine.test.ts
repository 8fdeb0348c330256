import { expect, test } from 'vitest';
import type { EngineContext, FixRequest, PlanRequest, StepRequest } from '../engine.ts';
import { promptFor } from './prompt-for.ts';
import { createPromptedEngine, type Prompt, type Said } from './prompted-engine.ts';

const steps = [{ id: 'step_1', name: 'Write it', action: 'Write hello.txt.', success_criteria: [], depends_on: [] }];
const plan: StepRequest['plan'] = {
  id: 'bp_1',
  task_id: 'T1',
  goal: 'Say hello',
  acceptance_criteria: [],
  steps,
  quality_gates: {},
};
const planRequest: PlanRequest = {
  kind: 'plan',
  goal: 'Say hello',
  taskId: 'T1',
  skills: [],
  hint: 'in English',
  failure: null,
  round: null,
  answers: [{ id: 'q1', question: 'Where?', response: 'in hello.txt', round: 1, assumed: true }],
};
const stepRequest = (): StepRequest => {
  const [step] = plan.steps;
  if (!step) throw new Error('the plan of this test has a step');
  const previous = { error: 'hello.txt is missing', hints: ['look twice'] };
  return { kind: 'step', goal: 'Say hello', plan, step, try: 2, previous, hint: null };
};

/** An agent that says these things, one after the other. */
const saying = (...texts: readonly (string | Said)[]) => {
  const prompts: Prompt[] = [];
  const progress: string[] = [];
  const engine = createPromptedEngine({
    name: 'agent',
    can: { plan: true, work: true, decompose: true },
    canSetting: 'engines.test.can',
    ask: async (prompt) => {
      const said = texts[prompts.push(prompt) - 1];
      if (said === undefined) throw new Error('asked too often');
      return typeof said === 'string' ? { outcome: 'said', text: said } : said;
    },
  });
  const context: EngineContext = {
    directory: '/nowhere',
    signal: new AbortController().signal,
    progress: (message) => void progress.push(message),
    stepKey: 'key',
    run: () => Promise.reject(new Error('nothing is run')),
    redact: (text) => text.replaceAll('hunter2', '***'),
  };
  return { engine, context, prompts, progress };
};

const fenced = (document: unknown): string => `I looked at {it}.\n\n\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\n`;
const draft = { steps: [{ id: 'step_1', name: 'a', action: 'print "{" hunter2', success_criteria: [] }] };

test.each([
  ['fenced, after some words', fenced({ type: 'plan', plan: draft, cautions: ['c'] })],
  ['bare', JSON.stringify({ type: 'plan', plan: draft, cautions: ['c'] })],
  ['without its type', `So:\n${JSON.stringify({ plan: draft, cautions: ['c'] }, null, 2)}\nThat is it.`],
])('a plan is found in what was said: %s', async (_, text) => {
  const { engine, context } = saying(text);
  expect(await engine.plan(planRequest, context)).toMatchObject({
    outcome: 'planned',
    source: 'engine agent',
    cautions: ['c'],
    plan: { task_id: 'T1', goal: 'Say hello', steps: [{ id: 'step_1', action: 'print "{" ***' }] },
  });
});

test('an answer that cannot be read is asked for once more, with what is wrong with it', async () => {
  const { engine, context, prompts, progress } = saying('I would rather not.', fenced({ type: 'plan', plan: draft }));
  expect(await engine.plan(planRequest, context)).toMatchObject({ outcome: 'planned' });
  expect(prompts.map(({ again }) => again)).toEqual([null, expect.stringContaining('there is no JSON document in it')]);
  expect(prompts[1]?.text).toContain('I would rather not.');
  expect(progress).toEqual([expect.stringContaining('asking once more')]);
});

test('what is wrong twice is a failure that names the field', async () => {
  const { engine, context } = saying(fenced({ type: 'plan', plan: { steps: [] } }), fenced({ plan: { steps: 1 } }));
  expect(await engine.plan(planRequest, context)).toEqual({
    outcome: 'failed',
    error: expect.stringMatching(/no answer that can be used, twice: plan\.steps/),
  });
});

test('a question counts only where a round is open', async () => {
  const questions = [{ id: 'q', question: 'Which?', default: 'this' }];
  const open = saying(fenced({ type: 'questions', questions, readiness: 0.2 }));
  const round = { number: 1, focus: 'scope' };
  expect(await open.engine.plan({ ...planRequest, round }, open.context)).toMatchObject({
    outcome: 'questions',
    readiness: 0.2,
    questions: [{ id: 'q', options: [] }],
  });
  const closed = saying(fenced({ type: 'questions', questions }), fenced({ type: 'plan', plan: draft }));
  expect(await closed.engine.plan(planRequest, closed.context)).toMatchObject({ outcome: 'planned' });
  expect(closed.prompts[1]?.again).toContain('the type of the document is questions; expected plan or cannot');
});

test('a map is asked for as one document', async () => {
  const { engine, context, prompts } = saying(fenced({ type: 'map', map: { tasks: [{ id: 'T1', title: 'One' }] } }));
  const request = {
    kind: 'decompose',
    goal: 'g',
    specification: '# Spec',
    skills: [],
    hint: null,
    answers: [],
  } as const;
  expect(await engine.decompose(request, context)).toMatchObject({
    outcome: 'decomposed',
    map: { tasks: [{ id: 'T1' }] },
  });
  expect(prompts[0]?.text).toContain('# Specification\n\n# Spec');
});

test('whatever is said after work is its summary, but for a document that says what stands in the way', async () => {
  const done = saying('I thought.\n\nI wrote hello.txt with {"json": true}.\n- LEARNING: greetings live in src');
  const learned: string[] = [];
  const context = { ...done.context, learned: ({ text }: { readonly text: string }) => void learned.push(text) };
  expect(await done.engine.work(stepRequest(), context)).toEqual({
    outcome: 'done',
    summary: 'I wrote hello.txt with {"json": true}.',
  });
  expect(learned).toEqual(['greetings live in src']);
  const cannot = saying(fenced({ type: 'cannot', reason: 'no key', unblock: 'set KEY' }));
  const fix: FixRequest = {
    kind: 'fix',
    goal: 'g',
    plan,
    gate: 'lint',
    command: 'npm run lint',
    output: 'red',
    try: 1,
  };
  expect(await cannot.engine.work(fix, cannot.context)).toEqual({
    outcome: 'cannot',
    reason: 'no key',
    unblock: 'set KEY',
  });
});

test('why nothing was said is the outcome, and so is an error on the way', async () => {
  const down = saying({ outcome: 'failed', error: 'busy', category: 'transient' });
  expect(await down.engine.plan(planRequest, down.context)).toEqual({
    outcome: 'failed',
    error: 'busy',
    category: 'transient',
  });
  const broken = saying();
  expect(await broken.engine.work(stepRequest(), broken.context)).toEqual({
    outcome: 'failed',
    error: 'engine agent: asked too often',
  });
});

test('checks in a browser are asked for where there is one, and nowhere else', () => {
  expect(promptFor(planRequest, { browser: true })).toContain('What a page shows is checked by `browser`');
  expect(promptFor(planRequest, { browser: false })).toContain('plan no check of type `browser`');
  expect(promptFor(stepRequest(), { browser: true })).not.toContain('`browser`');
});

test('a prompt says all that the request brings along', () => {
  const learning = { domain: 'testing', text: 'tests are slow', time: '2026-02-02T10:00:00.000Z', orchestration: null };
  const docs = [{ library: 'zod', text: 'z.string()' }];
  const work = promptFor({ ...stepRequest(), learnings: [learning], docs, handoff: { plan_id: 'bp_1' } }, {});
  for (const part of [
    '→ step_1: Write it',
    'Write hello.txt.',
    'Try 1 failed; what it left is in the files\n\nhello.txt is missing',
    '- look twice',
    '2026-02-02, testing: tests are slow',
    '# Documentation of zod\n\nz.string()',
    '"plan_id":"bp_1"',
  ])
    expect(work).toContain(part);
  const failure = {
    plan,
    failure_reason: 'r',
    completed_steps: [],
    failed_step: 'step_1',
    error_details: 'e',
    suggestion: 's',
  };
  const planning = promptFor({ ...planRequest, failure, backlog: '- T9 open: else' }, {});
  for (const part of [
    'in English',
    'Where? in hello.txt (nobody answered: assumed)',
    '"failed_step":"step_1"',
    '- T9 open: else',
  ])
    expect(planning).toContain(part);
});
