/** `npm run sessions [name…]` plays sessions at real terminals and writes what they showed to `docs/sessions/`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, isStale } from './build.mjs';
import { play } from './sessions/play.ts';
import { render } from './sessions/render.ts';
import { sessions } from './sessions/sessions.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = new URL('../docs/sessions/', import.meta.url);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !sessions.some((session) => session.name === name));
if (unknown.length > 0)
  throw new Error(`no session ${unknown.join(', ')}: there are ${sessions.map(({ name }) => name).join(', ')}`);

if (isStale(ROOT)) await build(ROOT);
await mkdir(FOLDER, { recursive: true });
for (const session of sessions.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  await writeFile(new URL(`${session.name}.md`, FOLDER), render(session, await play(session)));
  console.log(`docs/sessions/${session.name}.md`);
}
