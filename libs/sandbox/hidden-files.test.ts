import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hiddenFiles } from './hidden-files.ts';
import type { Mount } from './mounts.ts';

let top: string;
let mounts: readonly Mount[];

beforeAll(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'studio-hidden-')));
  for (const name of ['shown', 'home', 'own']) await mkdir(join(top, name));
  for (const name of ['shown/a', 'home/a', 'agent.mjs']) await writeFile(join(top, name), '');
  mounts = [
    { kind: 'read', path: join(top, 'shown') },
    { kind: 'write', path: join(top, 'home'), source: join(top, 'own') },
  ];
});
afterAll(() => rm(top, { recursive: true }));

test('what a program does not find, and what is there all the same, is hidden by the sandbox', () => {
  const output = `Error: Cannot find module '${top}/agent.mjs'\nsh: ${top}/home/a: not found\n`;
  expect(hiddenFiles(output, mounts)).toEqual([`${top}/agent.mjs`, `${top}/home/a`]);
});

test('what is shown, what is nowhere and what nobody looked for is not', () => {
  const output = `ENOENT: ${top}/shown/a\nENOENT: ${top}/nothing\n  at main (${top}/agent.mjs:1)\n`;
  expect(hiddenFiles(output, mounts)).toEqual([]);
});
