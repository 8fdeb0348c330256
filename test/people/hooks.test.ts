import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Member } from '../support/fleet.ts';
import { submitUntilTaken, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type AskingScene, setAskingScene, untilAsked } from './asking.ts';
import { type Listener, startListener } from './listener.ts';

const SECRET = `whsec_${Buffer.from('a secret that nobody may see').toString('base64')}`;

/** Longer than any machine takes: what is told once is told in time. */
const ENOUGH_S = 60;

let listener: Listener;
let scene: AskingScene;
let configFile: string;
beforeAll(async () => {
  listener = await startListener(SECRET);
  const url = JSON.stringify(listener.url);
  const ids = ['HOOK', 'ORCHESTRATION', 'INTERACTION'].map((name) => `$STUDIO_${name}`).join(' ');
  const seen = `\${STUDIO_HOOK_SECRET-unseen}`;
  const command = JSON.stringify(`cat >> told.jsonl; echo "${ids} ${seen}" >> told.txt`);
  scene = await setAskingScene({
    env: { STUDIO_HOOK_SECRET: SECRET },
    config: `hooks: { completed: { url: ${url} }, failed: { url: ${url} }, waiting: { command: ${command} }, timeout_s: ${ENOUGH_S} }`,
  });
  configFile = join(scene.folder, 'host', '.studio', 'config.yaml');
  scene.fleet.start('router');
  await scene.fleet.ready();
});
afterAll(async () => {
  await scene?.end();
  await listener?.close();
});
beforeEach(() => {
  listener.answer = 204;
});

const heardOf = (id: string) => listener.heard.filter(({ data }) => data.orchestration === id);
const told = async (file: string): Promise<readonly string[]> => {
  const text = await readFile(join(scene.folder, 'host', file), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
};
const logs = () =>
  scene.fleet
    .of('router')
    .map((router) => router.log())
    .join('\n');

test('an end is posted once by two routers, signed; what waits runs a command with ids and the event', async () => {
  const id = await submitUntilTaken(scene.studio, scene.goal());
  const questions = await untilAsked(scene, id, 2);
  await waitUntil('the command was told of both', async () => (await told('told.txt')).length >= 2);
  expect((await told('told.txt')).toSorted()).toEqual(
    questions.map((question) => `waiting ${id} ${question.id} unseen`).toSorted(),
  );
  const events = (await told('told.jsonl')).map((line) => JSON.parse(line));
  expect(events.map((event) => [event.id, event.type]).toSorted()).toEqual(
    questions.map((question) => [`${id}/${question.id}`, 'studio.hook.waiting']),
  );

  const enough = { command: 'answer', interaction: 'int_1', answer: 'enough', note: null } as const;
  await scene.studio.control(id, enough);
  await untilEnded(scene.studio, [id]);
  await waitUntil('the end was told', () => heardOf(id).length > 0);
  const another = await submitUntilTaken(scene.studio, scene.goal({ mode: 'explicit' }));
  await scene.studio.control(another, { command: 'abort', reason: 'no' });
  await waitUntil('the other end was told', () => heardOf(another).length > 0);
  expect(heardOf(id)).toMatchObject([
    { id: `${id}/end`, hook: 'completed', isSigned: true, data: { outcome: { kind: 'completed' } } },
  ]);
  expect(heardOf(another)).toMatchObject([{ hook: 'failed', data: { outcome: { kind: 'aborted', reason: 'no' } } }]);
});

test('what fails is tried again under the same id, and no other run waits for it', async () => {
  listener.answer = 503;
  const slow = await submitUntilTaken(scene.studio, scene.goal({ attended: false }));
  await untilEnded(scene.studio, [slow]);
  await waitUntil('it was told in vain', () => heardOf(slow).length > 0);
  listener.answer = 204;
  await waitUntil('it was told again', () => heardOf(slow).length > 1);
  expect(new Set(heardOf(slow).map(({ id }) => id))).toEqual(new Set([`${slow}/end`]));
  await waitUntil('that is logged', () => logs().includes('hook failed, will be tried again'));
});

test('a router that is killed while it tells loses nothing: the next one tells it', async () => {
  const config = await readFile(configFile, 'utf8');
  // What a dead router was at is another's once its time is over.
  await writeFile(configFile, config.replace(`timeout_s: ${ENOUGH_S}`, 'timeout_s: 1'));
  const routers = scene.fleet.of('router');
  const replace = async (router: Member): Promise<void> => {
    await router.kill();
    router.respawn();
  };
  await Promise.all(routers.map(replace));
  await scene.fleet.ready();
  listener.answer = null;
  const id = await submitUntilTaken(scene.studio, scene.goal({ attended: false }));
  await waitUntil('a router tells it', () => heardOf(id).length > 0);
  for (const router of routers) await router.kill();
  const before = heardOf(id).length;
  listener.answer = 204;
  routers[0]?.respawn();
  await waitUntil('it is told once more', () => heardOf(id).length > before);
  routers[1]?.respawn();
  await scene.fleet.ready();
  expect(heardOf(id).every((heard) => heard.id === `${id}/end` && heard.isSigned)).toBe(true);
});

test('neither the secret nor an address with a key in it is in a log', () => {
  expect(logs()).not.toContain(SECRET);
  expect(logs()).not.toContain('not-for-logs');
  expect(logs()).toContain('hook told');
});
