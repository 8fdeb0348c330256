import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AcceptanceCriterion, Verification } from '#contracts';
import { showOnBase } from './index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'studio-red-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const run = async (command: string) => {
  const result = await execa('sh', ['-c', command], { cwd: directory, reject: false, all: true });
  return { exitCode: result.exitCode ?? null, signal: null, timedOut: false, output: result.all, durationMs: 1 };
};
const criteria = (...verifications: readonly Verification[]): readonly AcceptanceCriterion[] =>
  verifications.map((verification, index) => ({
    id: `AC-${index + 1}`,
    criterion: 'it holds',
    priority: 'must',
    verification,
  }));
const show = (...verifications: readonly Verification[]) =>
  showOnBase({
    criteria: criteria(...verifications),
    directory,
    signal: new AbortController().signal,
    run,
    treeHash: async () => 'tree',
    folder: '',
    cacheDir: join(directory, '.cache'),
    now: () => 0,
  });

test('a check is shown failing or passing on the base; one that cannot run there fails there', async () => {
  await writeFile(join(directory, 'there.txt'), 'x');
  const { results } = await show(
    { type: 'command', command: 'sh missing.sh' },
    { type: 'test_passes', test_command: 'no-such-program-here' },
    { type: 'file_exists', path: 'there.txt' },
    { type: 'file_contains', path: 'there.txt', pattern: 'y' },
  );
  expect(results.map(({ before }) => before)).toEqual(['failed', 'failed', 'passed', 'failed']);
});

test('what was shown of a tree is not run again for it', async () => {
  const check: Verification = { type: 'command', command: 'echo x >> ran' };
  expect([(await show(check)).ran, (await show(check)).ran]).toEqual([1, 0]);
});
