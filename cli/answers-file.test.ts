import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAnswers } from './answers-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-answers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = async (content: string) => {
  await writeFile(join(folder, 'answers'), content);
  return readAnswers(join(folder, 'answers'));
};

test('answers are YAML or JSON, and whatever is written is text', async () => {
  expect(await read('scope: all of it\nport: 8080\nhttps: true\n')).toEqual({
    scope: 'all of it',
    port: '8080',
    https: 'true',
  });
  expect(await read('{"scope": "all"}')).toEqual({ scope: 'all' });
  expect(await read('')).toEqual({});
});

test('a file that has none says what to write', async () => {
  await expect(read('- a\n')).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(read('scope: [a]\n')).rejects.toThrow('no answers');
  await expect(readAnswers(join(folder, 'missing'))).rejects.toThrow('no answers');
});
