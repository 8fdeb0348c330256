import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decideAgents } from './decide-agents.ts';
import { loadConfig } from './load-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-decide-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const after = async (text: string | null, ...decisions: readonly Parameters<typeof decideAgents>[1][]) => {
  const file = join(folder, 'config.yaml');
  if (text !== null) await writeFile(file, text);
  for (const decision of decisions) await decideAgents(file, decision);
  const { config } = await loadConfig({ file, env: {} });
  return { text: await readFile(file, 'utf8'), allow: config.engines.allow, deny: config.engines.deny };
};
const yes = (...names: readonly string[]) => ({ names, allowed: true });
const no = (...names: readonly string[]) => ({ names, allowed: false });

test('a decision is written down where there is no file, or an empty one', async () => {
  expect((await after(null, yes('claude'))).text).toBe('engines:\n  allow: [ claude ]\n');
  expect(await after('engines:\n', no('codex', 'qwen'))).toMatchObject({ allow: [], deny: ['codex', 'qwen'] });
});

test('comments and everything else stay as they are', async () => {
  const before = '# ours\ngates:\n  lint: make lint # fast\nengines:\n  # who pays\n  allow:\n    - codex\n';
  const { text, allow } = await after(before, yes('claude'), yes('claude'));
  expect(text).toBe(`${before}    - claude\n`);
  expect(allow).toEqual(['codex', 'claude']);
});

test('a decision replaces the one before', async () => {
  expect(await after(null, no('claude', 'codex'), yes('claude'))).toMatchObject({ allow: ['claude'], deny: ['codex'] });
});

test('a file that is no YAML is left alone, and named', async () => {
  await expect(after('a: [', yes('claude'))).rejects.toThrow(/config\.yaml/);
});
