import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { play } from '../../scripts/sessions/play.ts';
import { commandsIn, render } from '../../scripts/sessions/render.ts';
import { sessions } from '../../scripts/sessions/sessions.ts';
import { ensureBuilt } from '../support/fleet.ts';

beforeAll(ensureBuilt);

test.each(sessions)('the recorded session $name can be played again, with the same commands', async (session) => {
  const recorded = await readFile(new URL(`../../docs/sessions/${session.name}.md`, import.meta.url), 'utf8');
  expect(commandsIn(render(session, await play(session)))).toEqual(commandsIn(recorded));
});
