import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BudgetDocument, type Goal, InboxDocument, type StateDocument, type WaitReason } from '#contracts';
import { fold, totalSpend } from '#domain';
import { createLedger } from '#money';
import { studioIn } from '../cli/studio.ts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { replaceFile } from '../support/replace-file.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilAsked, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';
import { planOf, usage } from './paid-work.ts';

const PROGRAM = fileURLToPath(new URL('paid-engine.mjs', import.meta.url));

let scene: Scene;
let repository: string;
let engine: string;
let run: ReturnType<typeof studioIn>['run'];

const hours = new Date().getUTCHours() - 12;
/** Where it is about noon now, so that no day ends while its test runs. The names of these zones have their sign turned round. */
const ZONE = `Etc/GMT${hours < 0 ? hours : `+${hours}`}`;

const configFile = () => join(scene.folder, 'host', '.studio', 'config.yaml');
const configure = (money: string): Promise<void> =>
  replaceFile(
    configFile(),
    // It notes its calls in a folder of its own.
    `engines: { commands: { paid: { command: "'${process.execPath}' '${PROGRAM}' '${engine}'" } } }\nsandbox: { write: ["${engine}"] }\nmoney: { time_zone: ${ZONE}, ${money} }\n`,
  );

beforeAll(async () => {
  // Inside of the sandbox, where there is one.
  scene = await setScene({ env: { STUDIO_SANDBOX_MODE: 'auto' } });
  repository = join(scene.folder, 'repository');
  engine = join(scene.folder, 'engine');
  await Promise.all([makeRepository(repository), mkdir(engine), mkdir(join(scene.folder, 'host', '.studio'))]);
  await configure('reserve_usd: 1');
  ({ run } = studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag }));
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder', { concurrency: 3 });
  await scene.fleet.ready();
});
beforeEach(() => Promise.all(['calls.jsonl', 'go'].map((name) => rm(join(engine, name), { force: true }))));
afterAll(() => scene?.end());

const script = (what: { readonly usages: readonly unknown[]; readonly waits?: boolean; readonly ends?: object }) =>
  writeFile(join(engine, 'script.json'), JSON.stringify(what));

const calls = async (): Promise<readonly string[]> =>
  (await readFile(join(engine, 'calls.jsonl'), 'utf8').catch(() => ''))
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { readonly work: string }).work]));

const submit = (goal: string, steps: number, change: Partial<Goal> = {}): Promise<string> =>
  submitUntilTaken(scene.studio, {
    goal,
    workspace: repository,
    workflow: 'build_only',
    plan: planOf(goal, steps),
    ...change,
  });

const ended = async (id: string): Promise<StateDocument> => {
  await untilEnded(scene.studio, [id]);
  return scene.studio.state(id);
};
const completed = async (id: string): Promise<StateDocument> => {
  const state = await ended(id);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  return state;
};
const answer = (id: string, given: string) =>
  scene.studio.control(id, { command: 'answer', interaction: null, answer: given, note: null });
const typesOf = async (id: string) => (await scene.studio.events(id)).map(({ type }) => type);

/** What the log says that a run and its tasks cost, and what the ledger says of its goal. */
const bothSums = async (id: string) => {
  const { tasks } = await scene.studio.state(id);
  const runs = [id, ...tasks.flatMap(({ orchestration }) => orchestration ?? [])];
  const states = await Promise.all(runs.map(async (one) => fold(await scene.studio.events(one))));
  const own = states.map((state) =>
    state.lifecycle === 'absent' ? 0 : totalSpend({ spend: { ...state.spend, tasks: {} } }).usd,
  );
  const log = Math.round(own.reduce((sum, usd) => sum + usd, 0) * 1e6) / 1e6;
  const [ledger] = await createLedger(scene.redis, scene.tag).balances([`goal:${id}`]);
  return { log, ...ledger };
};
const settledAt = async (id: string, usd: number): Promise<void> => {
  await waitUntil('the ledger knows', async () => (await bothSums(id)).spent === usd);
  await waitUntil('nothing is held', async () => (await bothSums(id)).held === 0);
  expect(await bothSums(id)).toEqual({ log: usd, spent: usd, held: 0 });
};

test('what an engine used is recorded once, priced from the list unless it says what it cost, and shown everywhere', async () => {
  await script({ usages: [usage(null), usage(0.25), usage(null, { model: 'nobody-knows' })] });
  const id = await submit('Cost something', 1);
  const state = await completed(id);
  // 1,000 tokens at 3, 200 at 0.3, 50 at 15 a million; the unknown one at 30 and 180.
  const [listed, unknown] = [0.00381, 0.045];
  const usd = Math.round((listed + 0.25 + unknown) * 1e6) / 1e6;
  expect(state.spend).toMatchObject({ usd, input_tokens: 3_600, cached_tokens: 600, output_tokens: 150 });
  expect(state.spend.by).toMatchObject([
    { agent: 'builder', engine: 'paid', model: 'claude-sonnet-4-5', basis: 'priced', usd: listed },
    { basis: 'reported', usd: 0.25 },
    { model: 'nobody-knows', basis: 'unknown', usd: unknown },
  ]);
  expect(state.outcome?.result.cost_usd).toBe(usd);
  const document = BudgetDocument.parse(JSON.parse((await run(['budget', id, '--json'])).stdout));
  expect(document.counted_tokens).toBeGreaterThan(0);
  expect(document.spend).toEqual(state.spend);
  const shown = (await run(['budget', id])).stdout;
  expect(shown).toMatch(
    /spent +0\.2988 USD at most, no price is known of some, 3,600 tokens in \(600 cached\), 150 out/,
  );
  expect(shown).toMatch(/given +[\d,]+ tokens, as counted before the calls/);
  expect((await run(['status', id])).stdout).toMatch(/cost +0\.2988 USD/);
  const row = async () => (await scene.studio.list({ limit: 100 })).orchestrations.find((one) => one.id === id);
  await waitUntil('the list has it', async () => (await row())?.outcome === 'completed');
  expect((await row())?.cost_usd).toBe(usd);
  await settledAt(id, usd);
});

test('a goal over its budget waits for a person, exit 3; raised, it goes on where it was, and nothing is done twice', async () => {
  await script({ usages: [usage(0.6)] });
  const id = await submit('Cost too much', 4, { budget_usd: 1 });
  const asked = await untilAsked(scene.studio, id);
  const [question] = asked.interactions;
  expect(question).toMatchObject({
    kind: 'budget',
    prompt: 'The budget of this goal is used up: 1.20 of 1.00 USD.',
    about: `goal:${id}`,
  });
  expect(asked.wait).toMatchObject({ kind: 'budget', owner: 'a person' });
  expect(await calls()).toHaveLength(2);
  expect((await run(['watch', id])).code).toBe(3);
  const inbox = InboxDocument.parse(JSON.parse((await run(['inbox', '--json'])).stdout));
  expect(inbox.waiting.map(({ orchestration }) => orchestration)).toEqual([id]);
  expect((await run(['budget', id])).stdout).toMatch(/goal:\S+ +1\.20 USD of 1\.00 USD +used up/);

  expect((await run(['answer', id, '1.10'])).code).toBe(2);
  expect((await run(['answer', id, '1.50'])).code).toBe(0);
  await waitUntil('it asks again', async () => (await scene.studio.state(id)).interactions.length === 2);
  expect(await calls()).toHaveLength(3);
  await answer(id, '20');
  const state = await completed(id);
  expect(await calls()).toHaveLength(4);
  expect(state.spend).toMatchObject({ usd: 2.4, budget_usd: 20 });
  expect(state.failures).toEqual([]);
  expect(state.agent_states).toMatchObject([{ agent: 'builder', attempt: 1 }]);
  expect((await typesOf(id)).filter((type) => type === 'budget.raised')).toHaveLength(2);
  await settledAt(id, 2.4);
});

test('a goal has a budget of tokens too, whatever they cost: used up, it waits, and raised it goes on', async () => {
  // 1,250 tokens a call, what is read from a cache among them.
  await script({ usages: [usage(0)] });
  const id = await submit('Use too many tokens', 3, { budget_tokens: 2_000 });
  const { interactions, wait } = await untilAsked(scene.studio, id);
  expect(interactions).toMatchObject([
    { kind: 'budget', prompt: 'The budget of tokens of this goal is used up: 2,500 of 2,000 tokens.' },
  ]);
  expect(wait).toMatchObject({ kind: 'budget', owner: 'a person' });
  expect(await calls()).toHaveLength(2);
  expect((await run(['budget', id])).stdout).toMatch(/tokens:\S+ +2,500 of 2,000 tokens +used up/);
  expect((await run(['answer', id, '2500'])).code).toBe(2);
  expect((await run(['answer', id, '9000'])).code).toBe(0);
  const state = await completed(id);
  expect(await calls()).toHaveLength(3);
  expect(state.spend).toMatchObject({ usd: 0, budget_usd: null, budget_tokens: 9_000 });
  expect((await run(['status', id])).stdout).toMatch(
    /cost +0\.00 USD, 3,600 tokens in \(600 cached\), 150 out of 9,000/,
  );
  const settled = async () => (await createLedger(scene.redis, scene.tag).balances([`tokens:${id}`]))[0];
  await waitUntil('the ledger knows', async () => (await settled())?.held === 0);
  expect(await settled()).toEqual({ spent: 3_750, held: 0 });
});

test('a worker that is killed in the middle of a call has what it told counted once, and the work is done again', async () => {
  await script({ usages: [usage(0.2), usage(0.3)], waits: true });
  const id = await submit('Survive a kill', 1, { budget_usd: 5 });
  const told = async () => (await typesOf(id)).filter((type) => type === 'usage.recorded').length === 2;
  await waitUntil('it was told what it cost', told);
  for (const builder of scene.fleet.of('builder')) {
    await builder.kill();
    builder.respawn();
  }
  await waitUntil('another worker asks again', async () => (await calls()).length === 2);
  await writeFile(join(engine, 'go'), '');
  const state = await completed(id);
  // Two calls of half a dollar each: both were made, and both were paid.
  expect(state.spend.usd).toBe(1);
  await settledAt(id, 1);
});

test('tasks spend from the budget of the goal that they belong to, which asks once for all of them', async () => {
  await script({ usages: [usage(0.7)] });
  const names = ['Do one', 'Do two', 'Do three'];
  const id = await submitUntilTaken(scene.studio, {
    goal: 'Do them all',
    workspace: repository,
    workflow: 'multi_task',
    tasks: names.map((goal, index) => ({ id: `t${index + 1}`, goal, plan: planOf(goal, 2) })),
    budget_usd: 2,
  });
  await untilAsked(scene.studio, id);
  const waitsOf = async () => {
    const { tasks } = await scene.studio.state(id);
    const running = tasks.flatMap((task) => (task.status === 'running' ? (task.orchestration ?? []) : []));
    return Promise.all(running.map(async (task) => (await scene.studio.why(task)).wait));
  };
  // Until the calls of the others have been settled, what is left is only held back for them.
  const isUsedUp = (wait: WaitReason | null) => wait?.detail === `budget goal:${id} is used up`;
  await waitUntil('all wait for a person', async () => (await waitsOf()).every(isUsedUp));
  const { spent = 0 } = await bothSums(id);
  // What the last call cost beyond what was left for it.
  expect(spent).toBeGreaterThanOrEqual(2);
  expect(spent).toBeLessThan(2.7);
  const { interactions } = await scene.studio.state(id);
  expect(interactions.map(({ kind }) => kind)).toEqual(['budget']);
  await answer(id, '10');
  const state = await completed(id);
  expect(await calls()).toHaveLength(6);
  expect(state.spend).toMatchObject({ usd: 4.2, tasks: { usd: 4.2 }, by: [], budget_usd: 10 });
  expect(state.outcome?.result).toMatchObject({ cost_usd: 4.2, tasks: { completed: 3, total: 3 } });
  await settledAt(id, 4.2);
});

test('a fork has a budget of its own, and shows what was spent before it', async () => {
  await script({ usages: [usage(0.6)] });
  const id = await submit('Try another way', 2, { budget_usd: 0.5 });
  await untilAsked(scene.studio, id);
  const { id: fork } = await scene.studio.fork(id, { changes: { budgetUsd: 3 } });
  const state = await completed(fork);
  expect(state.spend).toMatchObject({ usd: 0.6, budget_usd: 3, before_fork: { usd: 0.6 } });
  await settledAt(fork, 0.6);
  await settledAt(id, 0.6);
  await answer(id, 'a');
  expect((await ended(id)).outcome?.kind).toBe('aborted');
});

test('a label and a day have budgets over all goals, which a person raises for one run, or in the configuration', async () => {
  await script({ usages: [usage(0.4)] });
  await configure('reserve_usd: 0.5, labels: { "team=web": 1 }');
  const web = { labels: { team: 'web' } };
  const first = await completed(await submit('Web one', 2, web));
  expect(first.spend.usd).toBe(0.8);
  const second = await submit('Web two', 2, web);
  const { interactions } = await untilAsked(scene.studio, second);
  expect(interactions).toMatchObject([{ kind: 'budget', about: 'label:team=web' }]);
  // Others do not spend from it.
  await completed(await submit('No web', 1));
  await answer(second, '2');
  await completed(second);
  // The raise was for that one run.
  const third = await submit('Web three', 1, web);
  await untilAsked(scene.studio, third);
  await configure('reserve_usd: 0.5, labels: { "team=web": 9 }');
  // Whatever is more than is spent: the limit itself is in the configuration now.
  await answer(third, '1.7');
  await completed(third);

  await configure('reserve_usd: 0.5, per_day_usd: 0.1');
  const today = await submit('Too late today', 1);
  const { interactions: ofDay } = await untilAsked(scene.studio, today);
  expect(ofDay).toMatchObject([
    { kind: 'budget', default: 'w', about: expect.stringMatching(/^day:\d{4}-\d\d-\d\d$/) },
  ]);
  await answer(today, 'w');
  await waitUntil('it waits for tomorrow', async () => (await scene.studio.why(today)).wait?.kind === 'due');
  expect((await scene.studio.why(today)).wait?.until).toBe(ofDay[0]?.deadline);
  await scene.studio.control(today, { command: 'abort', reason: null });
  await configure('reserve_usd: 1');
});

test('the ledger is made again from the log where it was lost', async () => {
  const ledger = createLedger(scene.redis, scene.tag);
  const goals = (await scene.studio.list({ limit: 100 })).orchestrations.map(({ id }) => `goal:${id}`);
  const balances = () => ledger.balances(goals);
  await waitUntil('nothing is held', async () => (await balances()).every(({ held }) => held === 0));
  const before = await balances();
  expect(before.some(({ spent }) => spent > 0)).toBe(true);
  const keys = await scene.redis.keys(`${scene.tag}:money:*`);
  await scene.redis.del(...keys);
  await waitUntil('it is counted again', () => ledger.isCounted());
  expect(await balances()).toEqual(before);
});

test('every decision about money is what the log leads to', async () => {
  expect(await auditOrchestrations(scene)).toEqual([]);
});
