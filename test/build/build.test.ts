import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, buildTypes, isStale } from '../../scripts/build.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
let outside: string;
let root: string;

/** A package with the layout of this one, and just enough in it to see what a build does. */
const FILES = {
  'package.json': JSON.stringify({
    name: 'studio',
    type: 'module',
    exports: { '.': { types: './dist/types/libs/client/index.d.ts', default: './dist/client.js' } },
    imports: { '#contracts': './libs/contracts/index.ts' },
  }),
  'tsconfig.json': readFileSync(join(repository, 'tsconfig.json'), 'utf8'),
  'cli/main.ts': `const [command] = process.argv.slice(2);
if (command === 'client') console.log(await (await import('../libs/client/index.ts')).createClient().script());
else console.log((await import('./lazy.ts')).name);\n`,
  'cli/lazy.ts': `export const name = 'cli';\n`,
  'libs/contracts/index.ts': `export { Goal } from './goal.ts';\n`,
  'libs/contracts/goal.ts': `import * as z from 'zod';
export const Goal = z.strictObject({ goal: z.string() });
export type Goal = z.infer<typeof Goal>;\n`,
  'libs/client/index.ts': `import { readFileSync } from 'node:fs';
import { Goal } from '#contracts';
const lua = readFileSync(new URL('./append.lua', import.meta.url), 'utf8');
export const createClient = (): { parse(goal: Goal): string; script(): Promise<string> } =>
  ({ parse: (goal) => Goal.parse(goal).goal, script: async () => lua });\n`,
  'libs/client/append.lua': 'return 1',
  'data/colours.yaml': 'sky: blue',
};

const write = (folder: string, files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'studio-build-'));
  root = join(outside, 'checkout');
  write(root, FILES);
  for (const name of ['bin/studio', 'scripts/build.mjs']) cpSync(join(repository, name), join(root, name));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const studio = (folder: string, ...args: string[]) =>
  execFileSync(process.execPath, [join(folder, 'bin', 'studio'), ...args], { encoding: 'utf8' }).trim();

const touch = (name: string) => {
  const later = new Date(Date.now() + 1_000);
  utimesSync(join(root, name), later, later);
};

test('a checkout that was never built builds itself on the first command', () => {
  expect(isStale(root)).toBe(true);
  expect(studio(root)).toBe('cli');
  expect(isStale(root)).toBe(false);
});

test('a script of Redis is found beside the bundle', () => {
  expect(studio(root, 'client')).toBe('return 1');
});

test('what is built in is written as JSON too, beside the text that it was made of', () =>
  expect(JSON.parse(readFileSync(join(root, 'dist/data/colours.json'), 'utf8'))).toEqual({
    text: 'sky: blue',
    content: { sky: 'blue' },
  }));

test('a newer source, a new one and a removed one make the build stale', async () => {
  await build(root);
  touch('libs/contracts/goal.ts');
  expect(isStale(root)).toBe(true);
  await build(root);
  writeFileSync(join(root, 'cli', 'extra.ts'), '');
  touch('cli');
  expect(isStale(root)).toBe(true);
});

test('a process that runs from an older build finds its parts after a newer one', async () => {
  await build(root);
  const chunks = () => readdirSync(join(root, 'dist')).filter((name) => name.startsWith('chunk-'));
  const before = chunks();
  write(root, { 'cli/lazy.ts': `export const name = 'newer';\n` });
  await build(root);
  expect(chunks()).toEqual(expect.arrayContaining(before));
  expect(chunks().length).toBeGreaterThan(before.length);
  write(root, FILES);
});

test('two scripts of one name are refused, because they would overwrite each other', async () => {
  write(root, { 'libs/contracts/append.lua': '' });
  await expect(build(root)).rejects.toThrow('have one name');
  rmSync(join(root, 'libs/contracts/append.lua'));
});

test('an installed package runs without sources, and its client has types for a plain TypeScript project', async () => {
  await build(root);
  await buildTypes(root);
  const consumer = join(outside, 'consumer');
  const installed = join(consumer, 'node_modules', 'studio');
  for (const name of ['package.json', 'bin', 'dist'])
    cpSync(join(root, name), join(installed, name), { recursive: true });
  for (const name of ['zod']) symlinkSync(join(repository, 'node_modules', name), join(consumer, 'node_modules', name));
  expect(studio(installed)).toBe('cli');
  expect(existsSync(join(installed, 'libs'))).toBe(false);

  write(consumer, {
    'main.mts': `import { createClient } from 'studio';
const client = createClient();
export const text: string = client.parse({ goal: 'x' });
// @ts-expect-error a misspelt field is refused, so these are types and not any
client.parse({ gaol: 'x' });\n`,
  });
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--lib',
    'es2022',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    'main.mts',
  ];
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  expect(spawnSync(process.execPath, [tsc, ...options], { cwd: consumer, encoding: 'utf8' }).stdout).toBe('');
});
