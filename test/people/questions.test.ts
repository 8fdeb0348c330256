import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { auditOrchestrations, studioAt } from '../support/orchestration.ts';
import { submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { type AskingScene, openIn, setAskingScene, untilAsked } from './asking.ts';

let scene: AskingScene;
beforeAll(async () => {
  scene = await setAskingScene();
});
afterAll(async () => scene?.end());

const planOf = async (id: string): Promise<Plan> => {
  const created = (await scene.studio.events(id)).find((event) => event.type === 'plan.created');
  if (created?.type !== 'plan.created') throw new Error(`${id} has no plan`);
  return created.data.plan;
};
const confirmationsOf = async (id: string) => (await planOf(id)).gathered_requirements?.user_confirmations;
const toldTo = async (id: string) => (await planOf(id)).steps[0]?.action;

const untilCompleted = async (id: string): Promise<void> => {
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
};

test('two rounds of questions are answered from another terminal, in any order, and shape the plan', async () => {
  const { run } = studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag });
  const id = await submitUntilTaken(scene.studio, scene.goal());
  const first = await untilAsked(scene, id, 2);
  expect(first.map(({ about, focus, round }) => [about, focus, round])).toEqual([
    ['scope', 'scope and success', 1],
    ['storage', 'scope and success', 1],
  ]);
  expect((await scene.studio.why(id)).wait).toMatchObject({ kind: 'question', owner: 'a person' });
  const ambiguous = await run(['answer', id, 'on disk']);
  expect(ambiguous).toMatchObject({ code: 2, stderr: expect.stringContaining('say which') });
  for (const [answer, question] of [
    ['on disk', first[1]],
    ['all of it', first[0]],
  ] as const)
    expect(await run(['answer', id, answer, '--question', question?.id ?? ''])).toMatchObject({ code: 0 });

  const [limit] = await untilAsked(scene, id, 1);
  expect(limit).toMatchObject({ about: 'limit', round: 2, focus: 'technical constraints' });
  expect(await run(['answer', id, '7'])).toMatchObject({ code: 0 });
  await untilCompleted(id);
  expect(await toldTo(id)).toBe('storage=on disk\nscope=all of it\nlimit=7');
  expect(await confirmationsOf(id)).toEqual([
    { question: 'Where is it kept?', response: 'on disk', round: 1 },
    { question: 'What belongs to it?', response: 'all of it', round: 1 },
    { question: 'How many at most?', response: '7', round: 2 },
  ]);
  expect(await auditOrchestrations(scene)).toEqual([]);
});

test('where nobody answers in time, the defaults are taken and marked as assumptions', async () => {
  const hasty = await studioAt(scene, { STUDIO_INTERACTIONS_QUESTION_S: '0.2' });
  const id = await submitUntilTaken(hasty, scene.goal({ answers: { limit: '3' } }));
  await hasty.close();
  await untilCompleted(id);
  expect(await confirmationsOf(id)).toEqual([
    { question: 'limit', response: '3', round: 1 },
    { question: 'What belongs to it?', response: 'assumed: half', round: 1 },
    { question: 'Where is it kept?', response: 'assumed: in memory', round: 1 },
  ]);
  const { interactions } = await scene.studio.state(id);
  expect(interactions.map(({ outcome, assumed }) => [outcome, assumed])).toEqual([
    ['expired', true],
    ['expired', true],
  ]);
});

test('where nobody is there, nobody is waited for, under one lease', async () => {
  const id = await submitUntilTaken(scene.studio, scene.goal({ attended: false }));
  await untilCompleted(id);
  const events = await scene.studio.events(id);
  const planner = events.filter((event) => event.type === 'agent.dispatched' && event.data.role === 'planner');
  expect(planner).toHaveLength(1);
  expect((await toldTo(id))?.split('\n').toSorted()).toEqual(['limit=10', 'scope=half', 'storage=in memory']);
  const created = events.find((event) => event.type === 'plan.created');
  expect(created?.data).toMatchObject({ cautions: expect.arrayContaining(['assumed: How many at most? 10']) });
});

test('a person who had enough is asked no more', async () => {
  const id = await submitUntilTaken(scene.studio, scene.goal());
  const [scope] = await untilAsked(scene, id, 2);
  const answer = { command: 'answer', interaction: scope?.id ?? null, answer: 'enough', note: null } as const;
  await scene.studio.control(id, answer);
  await untilCompleted(id);
  const state = await scene.studio.state(id);
  expect(state.interactions).toHaveLength(2);
  expect(openIn(state)).toEqual([]);
  expect((await toldTo(id))?.split('\n').toSorted()).toEqual(['scope=half', 'storage=in memory']);
});

test('answers that come with the goal are not asked for', async () => {
  const answers = { scope: 'all', storage: 'on disk', limit: '5' };
  const id = await submitUntilTaken(scene.studio, scene.goal({ answers }));
  await untilCompleted(id);
  expect((await scene.studio.state(id)).interactions).toEqual([]);
  expect((await toldTo(id))?.split('\n').toSorted()).toEqual(['limit=5', 'scope=all', 'storage=on disk']);
});
