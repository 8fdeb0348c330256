import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Running, startAt } from '../../scripts/sessions/terminal.ts';
import { studioIn } from '../cli/studio.ts';
import { submitUntilTaken } from '../support/scene.ts';
import { type AskingScene, setAskingScene, untilAsked } from './asking.ts';

const BIN = fileURLToPath(new URL('../../bin', import.meta.url));
const DOWN = '\u001b[B';

let scene: AskingScene;
let run: ReturnType<typeof studioIn>['run'];
beforeAll(async () => {
  scene = await setAskingScene();
  ({ run } = studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag }));
});
afterAll(async () => scene?.end());

/** A command of Studio at a terminal of its own. */
const atTerminal = (command: string): Running =>
  startAt(command, {
    cwd: scene.repository,
    env: {
      PATH: `${BIN}:${process.env.PATH ?? ''}`,
      HOME: scene.folder,
      LANG: 'C.UTF-8',
      REDIS_URL: scene.server.url,
      STUDIO_TAG: scene.tag,
    },
  });

const idIn = (text: string): string => /orch_\w+/.exec(text)?.[0] ?? '';

test('a build at a terminal asks there, and a prompt goes away when another terminal answers', async () => {
  const build = atTerminal('studio build "Write down what was said" --answers /dev/null');
  await build.sees(/What belongs to it\?/);
  const id = idIn(build.news());
  expect((await run(['answer', id, 'all', '--question', 'int_1'])).code).toBe(0);
  await build.sees(/Where is it kept\?/);
  build.press(`${DOWN}\r`); // another answer
  await build.sees(/in memory(?:.|\n)*Where is it kept\?/);
  build.press('on disk\r');
  await build.sees(/How many at most\?/);
  build.press('\r');
  expect(await build.ends()).toBe(0);
  const { interactions } = await scene.studio.state(id);
  expect(interactions.map(({ about, answer }) => [about, answer])).toEqual([
    ['scope', 'all'],
    ['storage', 'on disk'],
    ['limit', '10'],
  ]);
});

test('a run is watched at any terminal, and answered there', async () => {
  const id = await submitUntilTaken(scene.studio, scene.goal({ answers: { scope: 'all', storage: 'on disk' } }));
  await untilAsked(scene, id, 1);
  const watching = atTerminal(`studio watch ${id}`);
  await watching.sees(/How many at most\?/);
  watching.press('\r');
  expect(await watching.ends()).toBe(0);
});

test('without a terminal the defaults are taken, unless somebody is said to be there: then 3, and every command', async () => {
  const goal = 'Write down what was said';
  const alone = await run(['build', goal, '--workspace', scene.repository]);
  expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining('assumed: How many at most? 10') });
  const attended = await run(['build', goal, '--workspace', scene.repository, '--attended']);
  expect(attended.code).toBe(3);
  const id = idIn(attended.stdout);
  for (const answer of [`all --question int_1`, `'in memory' --question int_2`, `enough --question int_2`])
    expect(attended.stdout).toContain(`studio answer ${id} ${answer}`);
});
