import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidInput } from '#contracts';
import { type ConfigSources, loadConfig } from './load-config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (text: string, rest: Partial<ConfigSources> = {}) => {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, text);
  return loadConfig({ file, env: {}, ...rest });
};

const problemsOf = async (text: string, rest: Partial<ConfigSources> = {}): Promise<readonly string[]> => {
  const error = await load(text, rest).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInput)) throw new Error(`expected InvalidInput, found ${String(error)}`);
  return error.problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
};

const originOf = async (key: string, text: string, rest: Partial<ConfigSources> = {}) => {
  const { values } = await load(text, rest);
  const found = values.find((value) => value.key === key);
  return `${JSON.stringify(found?.value)} from ${found?.origin.replace(`${folder}/`, '')}`;
};

test('without a file, an environment or a flag every value is the default', async () => {
  const { config, values } = await loadConfig({ file: join(folder, 'absent.yaml'), env: {} });
  expect(config.routing.confirm_threshold).toBe(0.6);
  expect(config.gateway.host).toBe('127.0.0.1');
  expect(new Set(values.map(({ origin }) => origin))).toEqual(new Set(['default']));
});

test('a flag goes before the environment, the environment before the file, the file before the default', async () => {
  const text = 'gateway:\n  port: 1\n';
  const env = { STUDIO_GATEWAY_PORT: '2' };
  const flags = [{ key: 'gateway.port', flag: '--port', value: 3 }];
  expect(await originOf('gateway.port', '')).toBe('4100 from default');
  expect(await originOf('gateway.port', text)).toBe('1 from file config.yaml:2');
  expect(await originOf('gateway.port', text, { env })).toBe('2 from env STUDIO_GATEWAY_PORT');
  expect(await originOf('gateway.port', text, { env, flags })).toBe('3 from flag --port');
});

test('a list replaces the list below it, a group is merged key by key', async () => {
  const { config } = await load('env: {allow: [PATH]}\nengines:\n  commands:\n    claude: {command: ./agent.sh}\n');
  expect(config.env.allow).toEqual(['PATH']);
  expect(config.engines).toMatchObject({
    default: 'auto',
    commands: { claude: { command: './agent.sh', can: ['plan', 'work'], timeout_s: 1_800 } },
  });
});

test('lists and numbers can come from the environment', async () => {
  const env = { STUDIO_WORKSPACE_COPY: '[.env, certs/**]', STUDIO_RECOVERY_STEP_TRIES: '7' };
  const { config } = await load('', { env });
  expect(config.workspace.copy).toEqual(['.env', 'certs/**']);
  expect(config.recovery.step_tries).toBe(7);
});

test('a section that is written down but empty changes nothing', async () => {
  expect((await load('gates:\nhost: {}\n')).config).toMatchObject({ gates: { lint: 'auto' }, host: { builders: 2 } });
});

test('an empty section of a name that is not known is a mistake', async () => {
  expect(await problemsOf('engins: {}\n')).toMatchObject([expect.stringContaining('engins')]);
});

test('all problems are told at once, each with its line', async () => {
  const text = 'gates:\n  lnt: make lint\nhost:\n  builders: many\nenv:\n  allow:\n    - PATH\n    - "no good"\n';
  expect(await problemsOf(text, { env: { STUDIO_HOST_IDLE_S: '0' } })).toEqual([
    'config.yaml:2: gates: unknown key "lnt"; did you mean "lint"?',
    expect.stringMatching(/^config\.yaml:8: env\.allow\.1: /),
    'config.yaml:4: host.builders: invalid input: expected number, received string',
    expect.stringMatching(/^env STUDIO_HOST_IDLE_S: host\.idle_s: too small/),
  ]);
});

test('an unknown section is refused and the nearest known one named', async () => {
  expect(await problemsOf('gatway:\n  port: 1\n')).toEqual([
    'config.yaml:1: unknown key "gatway"; did you mean "gateway"?',
  ]);
});

test('an unknown key of an environment variable is refused', async () => {
  expect(await problemsOf('', { env: { STUDIO_GATEWAY_PROT: '1' } })).toEqual([
    'env STUDIO_GATEWAY_PROT: unknown key "STUDIO_GATEWAY_PROT"; did you mean "STUDIO_GATEWAY_PORT"?',
  ]);
});

test('text that is no YAML is refused with its line', async () => {
  expect(await problemsOf('gates:\n  lint: "open\n')).toEqual([
    expect.stringMatching(/^config\.yaml:\d+: Missing closing/),
  ]);
});

test('a file that holds no sections is refused', async () => {
  expect(await problemsOf('just words\n')).toEqual(['config.yaml:1: expected sections such as "gates:", found string']);
});
