import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EngineMessage, EngineRequestDocument, Goal, PlanStep, StateDocument } from '#contracts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

const PROGRAM = fileURLToPath(new URL('../support/scripted-engine.mjs', import.meta.url));

type Answer = EngineMessage & { readonly files?: Readonly<Record<string, string>> };
type Script = Partial<Record<EngineRequestDocument['kind'], readonly Answer[]>>;

let scene: Scene;
let repository: string;
let engine: string;

beforeAll(async () => {
  scene = await setScene();
  repository = join(scene.folder, 'repository');
  engine = join(scene.folder, 'engine');
  await Promise.all([makeRepository(repository), mkdir(engine), mkdir(join(scene.folder, 'host', '.studio'))]);
  await writeFile(
    join(scene.folder, 'host', '.studio', 'config.yaml'),
    `engines: { commands: { scripted: { command: "'${process.execPath}' '${PROGRAM}' '${engine}'" } } }\n`,
  );
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('planner');
  scene.fleet.start('builder');
  await scene.fleet.ready();
});
beforeEach(() => rm(join(engine, 'requests.jsonl'), { force: true }));
afterAll(() => scene.end());

const step = (id: string, command: string, more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  name: `Do ${id}`,
  action: `do ${id}`,
  success_criteria: [{ criterion: `${id} is right`, verification: { type: 'command', command } }],
  depends_on: id === 'step_1' ? [] : ['step_1'],
  ...more,
});

const planWith = (...steps: readonly PlanStep[]) =>
  ({
    type: 'plan',
    plan: {
      acceptance_criteria: [],
      quality_gates: { lint: false, typecheck: false, test: false, security: false },
      steps: [...steps],
    },
    cautions: [],
  }) satisfies Answer;

const done = (files: Readonly<Record<string, string>> = {}): Answer => ({ type: 'done', summary: 'did it', files });

/** Has the engine answer so, and submits. @returns the id */
const submit = async (answers: Script, goal: Partial<Goal> = {}): Promise<string> => {
  await writeFile(join(engine, 'script.json'), JSON.stringify({ answers }));
  return submitUntilTaken(scene.studio, {
    goal: `Do two things ${randomUUID()}`,
    workspace: repository,
    workflow: 'plan_then_build',
    engine: 'scripted',
    ...goal,
  });
};

const asked = async (kind: EngineRequestDocument['kind']): Promise<readonly EngineRequestDocument[]> =>
  (await readFile(join(engine, 'requests.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EngineRequestDocument)
    .filter((request) => request.kind === kind);

const completed = async (id: string): Promise<StateDocument> => {
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  return scene.studio.state(id);
};

/** The state when a person is asked. */
const escalated = async (id: string): Promise<StateDocument> => {
  await waitUntil('a person is asked', async () => (await scene.studio.state(id)).wait?.kind === 'question');
  return scene.studio.state(id);
};
const questionOf = ({ interactions }: StateDocument) => interactions.find(({ outcome }) => outcome === null);
const answer = (id: string, key: string) =>
  scene.studio.control(id, { command: 'answer', interaction: null, answer: key, note: null });
const actions = ({ failures }: StateDocument) =>
  failures.map(({ step: failed, category, recovery_action: action }) => `${failed} ${category} ${action}`);

test('a try that failed for its code is made again with its error and the hints of its step', async () => {
  const hinted = step('step_1', 'grep -q good greeting.txt', {
    retry_behavior: { max_attempts: 5, fix_hints: ['be good'] },
  });
  const id = await submit({
    plan: [planWith(hinted)],
    step: [done({ 'greeting.txt': 'bad\n' }), done({ 'greeting.txt': 'good\n' })],
  });
  const state = await completed(id);
  expect(actions(state)).toEqual(['step_1 code_error retry']);
  expect(state.outcome?.result.retries).toBe(1);
  expect(await asked('step')).toMatchObject([
    { try: 1, previous: null },
    { try: 2, previous: { error: expect.stringContaining('step_1 is right'), hints: ['be good'] } },
  ]);
});

test('a window of a provider is waited out with nobody held up, counts as no try, and the step goes on as it was', async () => {
  const id = await submit({
    plan: [planWith(step('step_1', 'test -s a.txt'))],
    step: [
      { type: 'failed', error: 'no requests for now', retry_after_s: 3 },
      { type: 'failed', error: 'HTTP 429 Too Many Requests\nretry-after: 2' },
      done({ 'a.txt': 'a\n' }),
    ],
  });
  const state = await completed(id);
  expect(actions(state)).toEqual(['step_1 transient retry', 'step_1 transient retry']);
  expect(state.outcome?.result.retries).toBe(0);
  const requests = await asked('step');
  expect(requests).toMatchObject([{ try: 1 }, { try: 1 }, { try: 1, previous: null }]);
  const events = await scene.studio.events(id);
  const decided = events.flatMap((event) => (event.type === 'recovery.decided' ? [event] : []));
  // Each time it was the moment that was waited for, and no worker waited with it.
  const waits = events.flatMap((event) =>
    event.type === 'agent.dispatched' && event.data.notBefore !== null ? [event] : [],
  );
  expect(waits).toHaveLength(2);
  for (const { version, data, time } of waits) {
    const { wait } = await scene.studio.state(id, { version });
    const detail = expect.stringContaining('builder runs again at');
    expect(wait).toMatchObject({ kind: 'due', owner: 'router', detail, until: data.notBefore });
    expect(Date.parse(wait?.until ?? '')).toBeGreaterThan(Date.parse(time));
  }
  const began = events.flatMap((event) => (event.type === 'step.started' ? [event.time] : []));
  expect(decided).toMatchObject([{ data: { counted: false } }, { data: { counted: false } }]);
  for (const [index, { data }] of decided.entries())
    expect(Date.parse(began[index + 1] ?? '')).toBeGreaterThanOrEqual(Date.parse(data.notBefore ?? ''));
});

test('tries that are used up lead to another plan, which keeps what is done; then a person decides', async () => {
  const twice = { retry_behavior: { max_attempts: 2, fix_hints: [] } };
  const first = step('step_1', 'test -s a.txt', { operations: [{ op: 'write', path: 'a.txt', content: 'a\n' }] });
  const id = await submit({
    plan: [
      planWith(first, step('step_2', 'grep -q one b.txt', twice)),
      planWith(first, step('step_2', 'grep -q two b.txt', { ...twice, action: 'do it another way' })),
    ],
    step: ['w', 'x', 'y', 'z'].map((text) => done({ 'b.txt': `${text}\n` })),
  });
  const state = await escalated(id);
  expect(actions(state)).toEqual([
    'step_2 code_error retry',
    'step_2 code_error replan',
    'step_2 code_error retry',
    'step_2 code_error escalate',
  ]);
  expect(state.handoffs.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'planner → builder',
    'builder → planner',
    'planner → builder',
  ]);
  const [, again] = await asked('plan');
  expect(again).toMatchObject({
    failure: {
      completed_steps: ['step_1'],
      failed_step: 'step_2',
      failure_reason: expect.any(String),
      error_details: expect.stringContaining('step_2 is right'),
      plan: { steps: [{ id: 'step_1' }, { id: 'step_2', action: 'do step_2' }] },
    },
  });
  const events = await scene.studio.events(id);
  expect(events.filter((event) => event.type === 'step.succeeded')).toHaveLength(1);
  const question = questionOf(state);
  expect(question?.prompt).toContain('Build failed after 2 retries and 1 replan attempt.\nLast error: ');
  expect(question?.options.map(({ key }) => key)).toEqual(['r', 's', 'a']);

  await answer(id, 's');
  expect((await completed(id)).outcome?.result.steps).toEqual({ completed: 1, skipped: 1, total: 2 });
});

test('an approach that does not work is planned anew at once; a plan that nobody can make anew can be kept', async () => {
  const id = await submit({
    plan: [
      planWith(step('step_1', 'test -s a.txt', { critical: true })),
      { type: 'cannot', reason: 'there is no other way', unblock: 'think' },
    ],
    step: [{ type: 'failed', error: 'the API has no such call', category: 'design_flaw' }, done({ 'a.txt': 'a\n' })],
  });
  const state = await escalated(id);
  expect(actions(state)).toEqual(['step_1 design_flaw replan', 'null blocker escalate']);
  expect(questionOf(state)?.options.map(({ key }) => key)).toEqual(['r', 'k', 'a']);
  await answer(id, 'k');
  await completed(id);
  const events = await scene.studio.events(id);
  expect(events.filter((event) => event.type === 'plan.created')).toHaveLength(1);
});

test('the same error with the same files three times is a loop: a person is asked at once, and a critical step is not skipped', async () => {
  const id = await submit({
    plan: [planWith(step('step_1', 'echo "expected 1, got 2"; false', { critical: true }))],
    step: [done({ 'a.txt': 'the same\n' })],
  });
  const state = await escalated(id);
  expect(actions(state)).toEqual(['retry', 'retry', 'escalate'].map((action) => `step_1 code_error ${action}`));
  expect(questionOf(state)?.prompt).toContain('this is a loop: the same error came 3 times');
  expect(questionOf(state)?.options.map(({ key }) => key)).toEqual(['r', 'a']);
  await answer(id, 'a');
  await untilEnded(scene.studio, [id]);
});

test('a gate, and a criterion, that stays red on the same files is a loop as well', async () => {
  const plan = planWith(step('step_1', 'test -s a.txt'));
  const gates = { ...plan.plan.quality_gates, test: 'test ! -s a.txt' };
  const must = { type: 'command', command: 'test -s b.txt' } as const;
  const criteria = [{ id: 'AC-1', criterion: 'b is there', verification: must, priority: 'must' as const }];
  const script = (changes: object): Script => ({
    plan: [{ ...plan, plan: { ...plan.plan, ...changes } }],
    step: [done({ 'a.txt': 'a\n' })],
    fix: [done()],
  });
  for (const changes of [{ quality_gates: gates }, { acceptance_criteria: criteria }]) {
    const id = await submit(script(changes));
    const state = await escalated(id);
    expect(state.failures.map(({ recovery_action: action }) => action)).toEqual(['retry', 'retry', 'escalate']);
    expect(questionOf(state)?.prompt).toContain('this is a loop');
    await answer(id, 'a');
    await untilEnded(scene.studio, [id]);
  }
  expect(await auditOrchestrations(scene)).toEqual([]);
});
