import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(`${root}${name}`, 'utf8');

const Healthcheck = z.strictObject({
  test: z.array(z.string()).min(2),
  interval: z.string(),
  timeout: z.string(),
  start_period: z.string().optional(),
  retries: z.int(),
});

/** The part of the Compose specification that this file uses; a misspelt key is an error here as it is there. */
const Service = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  init: z.boolean().optional(),
  restart: z.literal('unless-stopped'),
  user: z.string(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.array(z.string()),
  stop_grace_period: z.string().optional(),
  tmpfs: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  command: z.array(z.string()),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: Healthcheck,
});

const Compose = z.strictObject({
  name: z.string(),
  'x-service': z.record(z.string(), z.unknown()),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

const compose = Compose.parse(parse(read('docker-compose.yml'), { merge: true }));
const { redis, ...ours } = compose.services;

/** `docker compose config` is the real judge where the plugin is installed. */
const hasCompose = () => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

test('the file is valid, and Docker Compose agrees where it is installed', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'architect',
    'builder',
    'gateway',
    'planner',
    'redis',
    'router',
    'state',
  ]);
  if (!hasCompose()) return;
  const env = { ...process.env, STUDIO_API_KEY: 'test' };
  execFileSync('docker', ['compose', '--file', `${root}docker-compose.yml`, 'config', '--quiet'], { env });
});

test('each service of the system runs in a container of its own', () => {
  const commands = Object.fromEntries(Object.entries(ours).map(([name, { command }]) => [name, command.join(' ')]));
  expect(commands).toEqual({
    router: 'start router',
    state: 'start state',
    architect: 'start agent architect',
    planner: 'start agent planner',
    builder: 'start agent builder',
    gateway: 'start gateway',
  });
});

test('Redis syncs every fact and evicts none', () => {
  const command = redis?.command.join(' ');
  expect(command).toContain('--appendonly yes --appendfsync always --maxmemory-policy noeviction');
  expect(redis?.volumes).toEqual(['redis:/data']);
});

test('no container runs as root', () => {
  for (const { user } of Object.values(compose.services)) expect(user).not.toMatch(/^(?:root|0)(?::|$)/);
  expect(read('Dockerfile')).toMatch(/^USER node$/m);
});

test('only the gateway is reachable, and only from this machine, with a key', () => {
  const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
  expect(published.map(([name]) => name)).toEqual(['gateway']);
  expect(ours.gateway?.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\$\{STUDIO_PORT:-4100\}:4100$/)]);
  expect(ours.gateway?.environment?.STUDIO_API_KEY).toMatch(/^\$\{STUDIO_API_KEY:\?/);
});

test('a builder can be scaled: nothing in it is there only once', () => {
  expect(ours.builder).not.toHaveProperty('ports');
  expect(ours.builder?.volumes).toContainEqual(expect.stringMatching(/^\$\{STUDIO_WORKSPACES:-\.\/workspaces\}:/));
});

test('every variable of the file is explained in .env.example', () => {
  const names = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
  const used = names(read('docker-compose.yml'), /\$\{(STUDIO_[A-Z_]+)/g);
  expect(used).toContain('STUDIO_API_KEY');
  expect(names(read('.env.example'), /^(?:# )?(STUDIO_[A-Z_]+)=/gm)).toEqual(used);
});

test('the image gets what the build reads and nothing that is secret or local', () => {
  const kept = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  expect(kept).toEqual([
    '!package.json',
    '!package-lock.json',
    '!bin',
    '!cli',
    '!data',
    '!libs',
    '!recipes',
    '!scripts/build.mjs',
    '!services',
  ]);
});
