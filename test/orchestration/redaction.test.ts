import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Plan } from '#contracts';
import { commandLine } from '../support/command-line.ts';
import { makeRepository } from '../support/line-goals.ts';
import { type Scene, setScene, submitUntilTaken, untilAsked } from '../support/scene.ts';

const PROGRAM = fileURLToPath(new URL('../support/leaking-engine.mjs', import.meta.url));

/** What the engine knows, and says in every way that it can. */
const VALUE = 'Zx9qLm27Wv/tR"58';
const SECRETS = {
  value: VALUE,
  json: JSON.stringify(VALUE).slice(1, -1),
  base64: Buffer.from(VALUE).toString('base64').slice(0, -3),
  firstHalf: VALUE.slice(0, 10),
  lastHalf: VALUE.slice(-10),
  pattern: 'ACME-20771234',
  github: `ghp_${'a1B2'.repeat(9)}`,
  model: `sk-ant-api03-${'Qw3r'.repeat(6)}`,
  key: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
};

let scene: Scene;
let repository: string;

beforeAll(async () => {
  // Its name says that it is one, and commands may see it.
  scene = await setScene({ env: { DEPLOY_TOKEN: VALUE, STUDIO_LOG_LEVEL: 'debug' } });
  repository = join(scene.folder, 'repository');
  const studioDir = join(scene.folder, 'host', '.studio');
  await Promise.all([makeRepository(repository), mkdir(studioDir)]);
  const engine = `leaking: { command: "'${process.execPath}' '${PROGRAM}' '${join(scene.folder, 'secrets.json')}'", can: [plan, work] }`;
  await writeFile(
    join(studioDir, 'config.yaml'),
    [
      `engines: { commands: { ${engine} } }`,
      "redact: { patterns: ['ACME-\\d{8}'] }",
      'env: { allow: [PATH, HOME, DEPLOY_TOKEN] }',
      'recovery: { step_tries: 1, gate_tries: 1, replans: 0 }',
      '',
    ].join('\n'),
  );
  for (const service of ['router', 'state'] as const) scene.fleet.start(service);
  for (const service of ['planner', 'builder'] as const) scene.fleet.start(service, { concurrency: 3 });
  await scene.fleet.ready();
});
afterAll(() => scene.end());

const plan = Plan.parse({
  id: 'bp_leak',
  task_id: 'leak',
  goal: 'Leak',
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
  steps: [
    {
      id: 'step_1',
      name: 'Leak',
      action: 'leak',
      success_criteria: [{ criterion: 'it is there', verification: { type: 'file_exists', path: 'nothing.txt' } }],
    },
  ],
});

/** Everything that Redis has, as text. */
const contents = async (redis: Redis): Promise<string> => {
  const texts: unknown[] = [];
  for (const key of await redis.keys('*')) {
    switch (await redis.type(key)) {
      case 'string':
        texts.push(await redis.get(key));
        break;
      case 'hash':
        texts.push(await redis.hgetall(key));
        break;
      case 'list':
        texts.push(await redis.lrange(key, 0, -1));
        break;
      case 'set':
        texts.push(await redis.smembers(key));
        break;
      case 'zset':
        texts.push(await redis.zrange(key, '0', '-1'));
        break;
      case 'stream':
        texts.push(await redis.xrange(key, '-', '+'));
    }
  }
  return JSON.stringify(texts);
};

/** As it stands there, and as JSON inside of JSON has it. */
const leaksIn = (text: string): readonly string[] =>
  Object.entries(SECRETS).flatMap(([name, secret]) =>
    [secret, JSON.stringify(secret).slice(1, -1), JSON.stringify(JSON.stringify(secret)).slice(3, -3)].some((form) =>
      text.includes(form),
    )
      ? [name]
      : [],
  );

const studio = async (...args: readonly string[]): Promise<string> => {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: scene.folder,
    STUDIO_DIR: join(scene.folder, 'host', '.studio'),
    REDIS_URL: scene.server.url,
    STUDIO_TAG: scene.tag,
  };
  const { stdout, stderr } = await commandLine({ env, cwd: scene.folder })(args);
  return stdout + stderr;
};

test('whatever an engine prints, no secret reaches the log, a job, a log file or a terminal', async () => {
  await writeFile(join(scene.folder, 'secrets.json'), JSON.stringify(SECRETS));
  const submit = (way: string, more: object) =>
    submitUntilTaken(scene.studio, {
      workspace: repository,
      engine: 'leaking',
      goal: `Leak by ${way} ${randomUUID()}`,
      ...more,
    });
  const ids = await Promise.all([
    submit('cannot', { workflow: 'plan_then_build' }),
    submit('stderr', { workflow: 'plan_then_build' }),
    ...['failed', 'malformed', 'noise'].map((way) => submit(way, { plan, workflow: 'build_only' })),
  ]);
  for (const id of ids) await untilAsked(scene.studio, id);
  const said = (await scene.studio.events(ids[0] ?? '')).map(({ type }) => type);
  expect(said).toContain('learnings.captured');

  expect(leaksIn(await contents(scene.redis))).toEqual([]);
  for (const { service, log } of scene.fleet.members) expect([service, leaksIn(log())]).toEqual([service, []]);
  for (const id of ids)
    for (const command of ['status', 'events', 'logs', 'why', 'state'] as const)
      expect([command, leaksIn(await studio(command, id))]).toEqual([command, []]);
});
