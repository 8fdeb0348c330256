import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBuiltIn } from './read-built-in.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'studio-data-'));
  for (const folder of ['data', 'dist/data']) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'data', 'colours.yaml'), 'sky: blue\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const built = (text: string) =>
  writeFile(join(root, 'dist', 'data', 'colours.json'), JSON.stringify({ text, content: 'as built' }));

test('what was never built is read from its YAML', async () =>
  expect(await readBuiltIn('colours', root)).toEqual({ sky: 'blue' }));

test('the build is read while it is of this text', async () => {
  await built('sky: blue\n');
  expect(await readBuiltIn('colours', root)).toBe('as built');
});

test('a text that was changed after the build wins over it', async () => {
  await built('sky: grey\n');
  expect(await readBuiltIn('colours', root)).toEqual({ sky: 'blue' });
});
