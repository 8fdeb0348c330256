import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Queue, QueueEvents } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EngineRequestDocument, Goal } from '#contracts';
import { GOALS_QUEUE } from '#queues';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { replaceFile } from '../support/replace-file.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { type FailingModel, type FailingModels, startFailingModels } from './failing-models.ts';
import { type Answer, criterion, does, planned, type Script, step, twoSteps } from './two-steps.ts';

const PROGRAM = fileURLToPath(new URL('../support/scripted-engine.mjs', import.meta.url));
const git = promisify(execFile);

/** A pair of engines a test: what is known of one outlives a run. */
const PAIRS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
type Pair = (typeof PAIRS)[number];
const NAMES = PAIRS.flatMap((pair) => [`${pair}-first`, `${pair}-second`]);

let scene: Scene;
let failing: FailingModels;
let repository: string;
const folderOf = (name: string) => join(scene.folder, name);

beforeAll(async () => {
  [scene, failing] = await Promise.all([setScene(), startFailingModels()]);
  repository = join(scene.folder, 'repository');
  const folders = NAMES.map((name) => mkdir(folderOf(name)));
  await Promise.all([makeRepository(repository), mkdir(join(scene.folder, 'host', '.studio')), ...folders]);
  await configure();
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
});
/** As somebody would while the workers run. */
const configure = async (more: object = {}): Promise<void> => {
  const program = (name: string) => ({ command: `'${process.execPath}' '${PROGRAM}' '${folderOf(name)}'` });
  const commands = Object.fromEntries(NAMES.map((name) => [name, program(name)]));
  const config = { engines: { commands, models: failing.models }, ...more };
  await replaceFile(join(scene.folder, 'host', '.studio', 'config.yaml'), JSON.stringify(config));
};
beforeEach(() => Promise.all(NAMES.map((name) => rm(join(folderOf(name), 'requests.jsonl'), { force: true }))));
afterAll(async () => {
  await scene.end();
  await failing.close();
});

const submit = async (
  pair: Pair,
  [first, second]: readonly [Script, Script],
  goal: Partial<Goal> = {},
): Promise<string> => {
  const scripts = { [`${pair}-first`]: first, [`${pair}-second`]: second };
  for (const [name, answers] of Object.entries(scripts))
    await writeFile(join(folderOf(name), 'script.json'), JSON.stringify({ answers }));
  return submitUntilTaken(scene.studio, {
    goal: `Do two things ${randomUUID()}`,
    workspace: repository,
    workflow: 'plan_then_build',
    engine: `${pair}-first,${pair}-second`,
    ...goal,
  });
};
const asked = async (name: string): Promise<readonly EngineRequestDocument[]> =>
  (await readFile(join(folderOf(name), 'requests.jsonl'), 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EngineRequestDocument);
const workOf = async (name: string) =>
  (await asked(name)).map((request) => (request.kind === 'step' ? request.step.id : request.kind));

const completed = async (id: string) => {
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(await auditOrchestrations({ redis: scene.redis, tag: scene.tag })).toEqual([]);
  return scene.studio.state(id);
};
const filesAt = async (commit: string | null | undefined): Promise<readonly string[]> =>
  (await git('git', ['-C', repository, 'ls-tree', '-r', '--name-only', String(commit)])).stdout.trim().split('\n');

describe('where the provider of an engine is', () => {
  test.each<[string, Pair, Answer]>([
    [
      'down',
      'a',
      { type: 'failed', error: 'HTTP 529 overloaded', provider: 'down', files: { 'half.txt': 'not done' } },
    ],
    [
      'out of quota',
      'b',
      {
        type: 'failed',
        error: 'You have hit your usage limit',
        retry_after_s: 7_200,
        files: { 'half.txt': 'not done' },
      },
    ],
  ])('%s, the next one goes on from what is verified, and no try counts', async (_what, pair, failure) => {
    const id = await submit(pair, [{ plan: [planned], step: [...does('step_1'), failure] }, { step: does('step_2') }]);
    const state = await completed(id);
    expect(await workOf(`${pair}-first`)).toEqual(['plan', 'step_1', 'step_2']);
    expect(await workOf(`${pair}-second`)).toEqual(['step_2']);
    // It knows what happened, and what the one before was told.
    expect((await asked(`${pair}-second`))[0]).toMatchObject({
      try: 1,
      previous: null,
      handoff: { plan_summary: expect.stringContaining('2 steps'), engine_before: { engine: `${pair}-first` } },
    });
    expect(await filesAt(state.outcome?.result.commit)).not.toContain('half.txt');
    expect(state).toMatchObject({
      outcome: {
        result: {
          retries: 0,
          engines: { failed_over: [{ agent: 'builder', from: `${pair}-first`, to: `${pair}-second` }] },
        },
      },
      agent_states: [{ attempt: 1 }, { attempt: 1 }],
      steps: [{ tries: 0 }, { tries: 0 }],
    });
    const took = state.engines.chosen.map(({ agent, engine }) => `${agent} ${engine}`);
    expect(took).toEqual([`planner ${pair}-first`, `builder ${pair}-second`]);
  });
});

const submitTo = (model: FailingModel, ...others: readonly string[]): Promise<string> =>
  submit('f', [{}, { step: does('step_2') }], {
    workflow: 'build_only',
    plan: twoSteps,
    engine: [model, ...others].join(),
  });
let windowOf: string;
test('of a model too: overloaded, gone or out of quota, the next one goes on from what is verified', async () => {
  // What is waited out is seen by the last test of this file.
  windowOf = await submitTo('again');
  const ids = [];
  for (const model of ['overloaded', 'limited', 'gone'] as const) ids.push(await submitTo(model, 'f-second'));
  await failing.leave();
  const states = await Promise.all(ids.map(completed));
  for (const { outcome, steps } of states) {
    expect(outcome?.result.retries).toBe(0);
    expect(steps.map(({ tries }) => tries)).toEqual([0, 0]);
  }
  const changes = states.flatMap(({ outcome }) => outcome?.result.engines.failed_over ?? []);
  expect(changes).toMatchObject([
    { from: 'overloaded', to: 'f-second', reason: expect.stringContaining('the provider of overloaded is down') },
    { from: 'limited', to: 'f-second', reason: expect.stringContaining('limited is out of quota until') },
    { from: 'gone', to: 'f-second', reason: expect.stringContaining('the provider of gone is down') },
  ]);
  expect(await workOf('f-second')).toEqual(['step_2', 'step_2', 'step_2']);
  // Two calls for what was done; the one that failed was tried three times, or not again where there is no use in it.
  expect((['overloaded', 'limited', 'gone'] as const).map(failing.asked)).toEqual([5, 3, 3]);
});

test('one that is out of quota is asked no more, by this run and by the next one of this process', async () => {
  const quota: Answer = { type: 'failed', error: 'usage limit reached', provider: 'quota', retry_after_s: 3_600 };
  const scripts = [{ plan: [quota] }, { plan: [planned], step: does('step_1', 'step_2') }] as const;
  await completed(await submit('c', scripts));
  expect(await workOf('c-first')).toEqual(['plan']);
  const later = await completed(await submit('c', scripts));
  expect(await workOf('c-first')).toEqual(['plan']);
  expect(later.engines.chosen[0]).toMatchObject({
    engine: 'c-second',
    reason: expect.stringContaining('c-first is out of quota until'),
  });
});

test('without another engine a window is waited out: the same request again, and no try counts', async () => {
  const id = await submit(
    'd',
    [
      {},
      {
        plan: [planned],
        step: [
          ...does('step_1'),
          { type: 'failed', error: 'try later', provider: 'quota', retry_after_s: 1 },
          ...does('step_2'),
        ],
      },
    ],
    { engine: 'd-second' },
  );
  const state = await completed(id);
  expect(state.outcome?.result).toMatchObject({ retries: 0, engines: { failed_over: [] } });
  expect(await workOf('d-second')).toEqual(['plan', 'step_1', 'step_2', 'step_2']);
});

test('a role has its engine from the goal, a step from the plan', async () => {
  const ofTheStep: Answer = {
    ...planned,
    plan: { ...planned.plan, engine: 'e-second', steps: [step('step_1'), { ...step('step_2'), engine: 'e-first' }] },
  };
  const scripts = [
    { plan: [ofTheStep], step: does('step_2') },
    { plan: [planned], step: does('step_1', 'step_2') },
  ] as const;
  await completed(await submit('e', scripts, { engine: 'planner=e-first,builder=e-second' }));
  expect([await workOf('e-first'), await workOf('e-second')]).toEqual([['plan'], ['step_1', 'step_2']]);
  // Where the goal says nothing about builders, the step of the plan does.
  await completed(await submit('e', scripts, { engine: 'planner=e-first' }));
  expect(await workOf('e-first')).toEqual(['plan', 'plan', 'step_2']);
});

test('a name that no worker has is refused with those that there are, of a queue and of a fork too', async () => {
  const problem = expect.stringMatching(
    /^engine: no worker has e-secnd \(there are a-first, .*, recipes\); did you mean e-second\?/,
  );
  const goal = { goal: 'Do two things', workspace: repository, engine: 'e-secnd' };
  const options = { connection: { url: scene.server.url }, prefix: scene.tag };
  const queue = new Queue(GOALS_QUEUE, options);
  const events = new QueueEvents(GOALS_QUEUE, options);
  try {
    await events.waitUntilReady();
    const job = await queue.add('goal', goal);
    const answers = [scene.studio.submit(goal), job.waitUntilFinished(events)];
    expect(await Promise.all(answers)).toEqual(Array(2).fill({ outcome: 'rejected', problems: [problem] }));
  } finally {
    await Promise.all([queue.close(), events.close()]);
  }
  const id = await submit('e', [{}, {}], { engine: 'human' });
  await expect(scene.studio.fork(id, { changes: { engine: 'e-secnd' } })).rejects.toThrow('no worker has e-secnd');
  await scene.studio.control(id, { command: 'abort', reason: null });
});

test('a check that passes before the work began proves nothing, and all who look are told', async () => {
  const checked: Answer = {
    ...planned,
    plan: {
      ...planned.plan,
      acceptance_criteria: [criterion('AC-1', 'test -f step_2.txt'), criterion('AC-2', 'test -d .')],
    },
  };
  const id = await submit('e', [{}, { plan: [checked], step: does('step_1', 'step_2') }], {
    engine: 'e-second',
    checks: ['sh is-missing.sh || test -f step_1.txt'],
  });
  const { outcome, criteria } = await completed(id);
  expect(criteria.map(({ id: name, before }) => `${name} ${before}`)).toEqual([
    'AC-1 failed',
    'AC-2 passed',
    'CHECK-1 failed',
  ]);
  expect(outcome?.result.criteria).toEqual(criteria);
  const shown = (await scene.studio.events(id)).filter(({ type }) => type === 'acceptance.shown');
  expect(shown).toHaveLength(1);
});

test('where such checks are not taken, a person is asked before any work is done', async () => {
  const useless: Answer = {
    ...planned,
    plan: { ...planned.plan, acceptance_criteria: [criterion('AC-1', 'test -d .')] },
  };
  await configure({ gates: { red_first: 'require' } });
  const scripts = [{}, { plan: [useless], step: does('step_1', 'step_2') }] as const;
  const id = await submit('e', scripts, { engine: 'e-second' });
  const { interactions } = await untilAsked(scene.studio, id);
  expect(interactions[0]?.prompt).toMatch(
    /AC-1 would prove nothing: it passes before the work has begun \(test -d \.\)[\s\S]*set gates\.red_first to mark/,
  );
  expect(await workOf('e-second')).toEqual(['plan']);
  await configure({ gates: { red_first: 'mark' } });
  await scene.studio.control(id, { command: 'answer', interaction: null, answer: 'r', note: null });
  expect((await completed(id)).criteria).toMatchObject([{ id: 'AC-1', status: 'passed', before: 'passed' }]);
});

test('a window of a model is waited out, and counts as no try', async () => {
  const { outcome, steps, failures } = await completed(windowOf);
  expect(outcome?.result).toMatchObject({ retries: 0, engines: { failed_over: [] } });
  expect(steps.map(({ tries }) => tries)).toEqual([0, 0]);
  expect(failures).toMatchObject([{ category: 'transient', error: expect.stringContaining('429') }]);
  expect(failing.asked('again')).toBe(5);
});
