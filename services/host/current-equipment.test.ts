import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '#runtime';
import { currentEquipment } from './current-equipment.ts';

let studioDir: string;

beforeEach(async () => {
  studioDir = await mkdtemp(join(tmpdir(), 'studio-equipment-'));
});
afterEach(() => rm(studioDir, { recursive: true, force: true }));

const write = (text: string) => writeFile(join(studioDir, 'config.yaml'), text);

const start = async (variables: Record<string, string> = {}) => {
  const env = { XDG_CACHE_HOME: join(studioDir, 'cache'), ...variables };
  const { config } = await loadConfig({ file: join(studioDir, 'config.yaml'), env });
  const equipment = await currentEquipment({ config, studioDir, env });
  return async () => (await equipment()).engines.map(({ name }) => name);
};

const engine = (name: string) => `engines: { commands: { ${name}: { command: cat, can: [plan, work] } } }\n`;

test('an engine that is configured later is there for the next attempt', async () => {
  const engines = await start();
  expect(await engines()).toEqual(['human', 'recipes']);
  await write(engine('mine'));
  expect(await engines()).toEqual(['mine', 'human', 'recipes']);
  await rm(join(studioDir, 'config.yaml'));
  expect(await engines()).toEqual(['human', 'recipes']);
});

test('an agent that a person allowed goes before a model that variables alone name', async () => {
  await writeFile(join(studioDir, 'claude'), '', { mode: 0o755 });
  const engines = await start({ PATH: studioDir, ANTHROPIC_MODEL: 'm', ANTHROPIC_API_KEY: 'k' });
  expect(await engines()).toEqual(['model', 'human', 'recipes']);
  await write('engines: { allow: [claude] }\n');
  expect(await engines()).toEqual(['claude', 'model', 'human', 'recipes']);
});

test('a configuration with a mistake fails whoever asks, with the mistake, until it is corrected', async () => {
  await write(engine('first'));
  const engines = await start();
  await write('engins: {}\n');
  await expect(engines()).rejects.toThrow(/engins/);
  await expect(engines()).rejects.toThrow(/engins/);
  await write(engine('second'));
  expect(await engines()).toEqual(['second', 'human', 'recipes']);
});
