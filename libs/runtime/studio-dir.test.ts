import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InvalidInput } from '#contracts';
import { findStudioDir, installationNoteOf, locateStudioDir } from './studio-dir.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'studio-dir-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const folder = (...parts: string[]) => {
  const path = join(root, ...parts);
  mkdirSync(path, { recursive: true });
  return path;
};

test('the nearest folder upward is taken', () => {
  const place = folder('.studio');
  expect(findStudioDir(folder('a', 'b'), {})).toEqual({
    path: place,
    configFile: join(place, 'config.yaml'),
    created: false,
  });
});

test('where there is none it is made at the root of the git repository', () => {
  folder('repository', '.git');
  const { path, created } = findStudioDir(folder('repository', 'deep', 'inside'), {});
  expect({ path, created }).toEqual({ path: join(root, 'repository', '.studio'), created: true });
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('outside of git it is made where one stands', () => {
  expect(findStudioDir(folder('plain'), {}).path).toBe(join(root, 'plain', '.studio'));
});

test('STUDIO_DIR goes before what is found, and may be relative', () => {
  folder('.studio');
  expect(findStudioDir(folder('a'), { STUDIO_DIR: '../elsewhere' }).path).toBe(join(root, 'elsewhere'));
});

test('in a folder that was made for work by hand it is the one of the run, whatever lies in it', () => {
  const place = folder('repository', '.studio');
  const made = folder('worktrees', 'orch_20260202_143052_a1b2-13');
  folder('worktrees', 'orch_20260202_143052_a1b2-13', '.studio');
  writeFileSync(installationNoteOf(made), place);
  expect(findStudioDir(join(made, '.studio'), {}).path).toBe(place);
});

test('git sees the configuration and the recipes and nothing else', () => {
  execFileSync('git', ['init', '-q', root]);
  const { path } = findStudioDir(root, {});
  mkdirSync(join(path, 'recipes'));
  for (const name of ['config.yaml', 'recipes/mine.yaml', 'redis.log']) writeFileSync(join(path, name), '');
  const seen = execFileSync('git', ['-C', root, 'status', '--porcelain', '-uall'], { encoding: 'utf8' });
  expect(seen.trim().split('\n')).toEqual(['?? .studio/config.yaml', '?? .studio/recipes/mine.yaml']);
});

test('to look for the place writes nothing', () => {
  expect(existsSync(locateStudioDir(root, {}))).toBe(false);
});

test('a file in its place is refused with what to do', () => {
  writeFileSync(join(root, '.studio'), '');
  expect(() => findStudioDir(root, {})).toThrow(InvalidInput);
});
