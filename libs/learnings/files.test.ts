import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Learning } from '#contracts';
import { LEARNINGS_FOLDER, projectLearnings, readLearnings } from './files.ts';

let workspace: string;
const at = (name: string) => join(workspace, LEARNINGS_FOLDER, name);

beforeEach(async () => {
  workspace = await realpath(await mkdtemp(join(tmpdir(), 'studio-learnings-')));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const learning = (text: string, change: Partial<Learning> = {}): Learning => ({
  domain: 'global',
  text,
  time: '2026-06-01T08:00:00.000Z',
  orchestration: 'orch_20260601_080000_a1b2c3d4e5f6',
  ...change,
});
const project = (learnings: readonly Learning[], known: readonly Learning[] = []) =>
  projectLearnings({ workspace, learnings, known: async () => known });
const texts = async () => (await readLearnings(workspace))?.map(({ domain, text }) => `${domain}: ${text}`);

test('a workspace without the folder has no files of learnings', async () => {
  expect(await readLearnings(workspace)).toBeNull();
});

test('each domain has its file, and writing twice is writing once', async () => {
  const learnings = [learning('one'), learning('two', { domain: 'integration:stripe' })];
  await project(learnings);
  const before = await readFile(at('global.md'), 'utf8');
  await project(learnings);
  expect(await readFile(at('global.md'), 'utf8')).toBe(before);
  expect(await texts()).toEqual(['global: one', 'integration:stripe: two']);
});

test('runs that end together do not overwrite each other', async () => {
  const all = Array.from({ length: 20 }, (_, n) => learning(`number ${n}`));
  await Promise.all(all.map((one) => project([one])));
  expect(await texts()).toHaveLength(20);
});

test('what is new comes first, and what a person wrote stays as it is', async () => {
  await project([learning('one')]);
  const written = `${await readFile(at('global.md'), 'utf8')}\n## 2026-05-01: Mine\n\n\`\`\`sh\nkeep  this\n\`\`\`\n`;
  await writeFile(at('global.md'), written);
  await project([learning('two\n over lines', { time: '2026-06-02' }), learning('one')]);
  const now = await readFile(at('global.md'), 'utf8');
  expect(now).toContain('```sh\nkeep  this\n```\n');
  expect([...now.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
    '2026-06-02: two over lines',
    '2026-06-01: one',
    '2026-05-01: Mine',
  ]);
});

test('what a person deleted is forgotten, a file that is gone is made again from the log', async () => {
  const [one, two] = [learning('one'), learning('two')];
  await project([one]);
  await writeFile(at('global.md'), '# Learnings: global\n');
  await project([two], [one]);
  expect(await texts()).toEqual(['global: two']);
  await rm(at('global.md'));
  await project([two], [one, learning('else', { domain: 'testing' })]);
  expect(await texts()).toEqual(['global: two', 'global: one']);
});

test('a folder that Studio makes ignores itself in git, one that was there does not', async () => {
  await project([learning('one')]);
  expect(await readFile(at('.gitignore'), 'utf8')).toBe('*\n');
  await rm(at('.gitignore'));
  await project([learning('two')]);
  await expect(readFile(at('.gitignore'))).rejects.toThrow(/ENOENT/);
});

test('a link leads nobody out of the workspace', async () => {
  const elsewhere = join(workspace, '..', `${workspace.split('/').at(-1)}-elsewhere`);
  await mkdir(elsewhere);
  try {
    await writeFile(join(elsewhere, 'global.md'), '## 2026-06-01: secret\n');
    await mkdir(join(workspace, 'studio'));
    await symlink(elsewhere, join(workspace, LEARNINGS_FOLDER));
    await project([learning('one')]);
    expect(await readLearnings(workspace)).toBeNull();
    expect(await readFile(join(elsewhere, 'global.md'), 'utf8')).not.toContain('one');
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test('files that are named otherwise are no learnings, and a domain that is none gets no file', async () => {
  await project([learning('one'), learning('x', { domain: '../../x' })]);
  await writeFile(at('README.md'), '## 2026-06-01: not one\n');
  expect(await texts()).toEqual(['global: one']);
});

test('a workspace that is not here is left to the machine that has it', async () => {
  const gone = join(workspace, 'gone');
  await projectLearnings({ workspace: gone, learnings: [learning('one')], known: async () => [] });
  expect(await readLearnings(gone)).toBeNull();
});
