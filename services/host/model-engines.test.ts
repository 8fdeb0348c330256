import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#runtime';
import { contextFor } from '../../test/contract/engine-fixtures.ts';
import { modelEngines } from './model-engines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const request = {
  kind: 'plan',
  goal: 'g',
  taskId: 'T1',
  skills: [],
  hint: null,
  failure: null,
  round: null,
  answers: [],
} as const;

const load = async (text: string) => {
  const file = join(folder, 'config.yaml');
  await writeFile(file, text);
  return (await loadConfig({ file, env: {} })).config;
};

/** What each engine says when it is asked. Without a key nobody calls anybody. */
const said = async (text: string, env: Record<string, string> = {}) => {
  const engines = modelEngines(await load(text), env);
  return Promise.all(
    engines.map(async (engine) => {
      const outcome = await engine.plan(request, contextFor(folder));
      return `${engine.name}: ${outcome.outcome === 'cannot' ? outcome.reason : outcome.outcome}`;
    }),
  );
};

test('without a configuration and without variables there is no model', async () => {
  expect(await said('')).toEqual([]);
  expect(await said('', { ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k' })).toEqual([]);
});

test('a model that the usual variables name is an engine, and a key that is missing is named', async () => {
  expect(await said('', { ANTHROPIC_MODEL: 'm' })).toEqual([
    'model: engine model has no key: ANTHROPIC_API_KEY is not set where this worker runs',
  ]);
  expect(await said('', { OPENAI_MODEL: 'm', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' })).toEqual([
    'model: engine model has no key: OPENAI_API_KEY is not set where this worker runs',
  ]);
});

test('an address in a variable that is none is told, and what it is is not', async () => {
  for (const prefix of ['ANTHROPIC', 'OPENAI'])
    expect(
      await said('', { [`${prefix}_MODEL`]: 'm', [`${prefix}_BASE_URL`]: 'sk-12345', OPENAI_API_KEY: 'k' }),
    ).toEqual([
      `model: engine model has no address: ${prefix}_BASE_URL is set where this worker runs, and is no http or https URL`,
    ]);
  expect(await said('', { OPENAI_BASE_URL: 'localhost:8000' })).toEqual([]);
});

test('the configuration goes before variables, each engine with a key of its own', async () => {
  const text = [
    'engines:',
    '  models:',
    '    fast: {provider: openai, model: small, api_key_env: TEAM_KEY}',
    '    slow: {provider: anthropic, model: large, can: [plan]}',
  ].join('\n');
  expect(await said(text, { ANTHROPIC_MODEL: 'm', ANTHROPIC_API_KEY: '' })).toEqual([
    'fast: engine fast has no key: TEAM_KEY is not set where this worker runs',
    'slow: engine slow has no key: ANTHROPIC_API_KEY is not set where this worker runs',
  ]);
  const [, slow] = modelEngines(await load(text), {});
  expect(slow?.can).toEqual({ plan: true, work: false, decompose: false });
});

test('a server without an account needs no key, but an address', async () => {
  const at = (url: string) => `engines: {models: {local: {provider: openai-compatible, model: m${url}}}}`;
  await expect(load(at(''))).rejects.toMatchObject({
    problems: [expect.stringContaining('openai-compatible needs a base_url')],
  });
  expect(modelEngines(await load(at(', base_url: "http://127.0.0.1:9/v1"')), {})).toMatchObject([{ name: 'local' }]);
});
