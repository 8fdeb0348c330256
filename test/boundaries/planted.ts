import type { Tree } from './check-boundaries.ts';

/** A small Studio that breaks no rule: every folder that a plant below imports from. */
export const cleanTree: Tree = {
  'libs/contracts/index.ts': `export { goal } from './goal.ts';\n`,
  'libs/contracts/goal.ts': `import * as z from 'zod';\nexport const goal = z.string();\n`,
  'libs/events/index.ts': `import { goal } from '#contracts';\nexport const submitted = { goal };\n`,
  'libs/events/redis.ts': `import type { Redis } from 'ioredis';\nexport const open = (redis: Redis) => redis;\n`,
  'libs/events/testing.ts': `export const sample = 1;\n`,
  'libs/events/sample.test.ts': `import { sample } from './testing.ts';\nexport const used = sample;\n`,
  'libs/domain/index.ts': `import { createHash } from 'node:crypto';\nimport { submitted } from '#events';\nexport const decide = () => [submitted, createHash];\n`,
  'libs/orchestrations/index.ts': `import { decide } from '#domain';\nexport const execute = decide;\n`,
  'libs/client/index.ts': `import { execute } from '#orchestrations';\nexport const submit = execute;\n`,
  'libs/queues/index.ts': `import { Queue } from 'bullmq';\nexport const open = () => new Queue('goals');\n`,
  'libs/runtime/index.ts': `import { pino } from 'pino';\nexport const logger = pino();\n`,
  'services/router/index.ts': `import { open } from '#queues';\nexport const start = open;\n`,
  'services/state/index.ts': `import { open } from '#events/redis';\nexport const start = open;\n`,
  'services/agents/planner/index.ts': `import { engine } from '#engines';\nexport const plan = engine;\n`,
  'services/agents/builder/index.ts': `import { engine } from '#engines';\nexport const build = engine;\n`,
  'services/agents/engines/index.ts': `export { engine } from './engine.ts';\n`,
  'services/agents/engines/engine.ts': `export const engine = 'recipes';\n`,
  'services/gateway/index.ts': `import { fastify } from 'fastify';\nimport { submit } from '#client';\nexport const serve = () => [fastify, submit];\n`,
  'services/host/client.ts': `export const host = 'socket';\n`,
  'services/host/index.ts': `import { start } from '#router';\nimport { serve } from '#gateway';\nexport const host = () => [start, serve];\n`,
  'cli/program.ts': `import { Command } from 'commander';\nimport { submit } from '#client';\nexport const program = () => [new Command(), submit];\n`,
  'cli/lazy.ts': `export interface Lazy {\n  readonly name: string;\n}\nexport const lazy = async () => (await import('./loaded.ts')).loaded;\n`,
  'cli/loaded.ts': `import type { Lazy } from './lazy.ts';\nexport const loaded: Lazy = { name: 'loaded' };\n`,
  'test/support.ts': `export const poll = 1;\n`,
};

/** Each rule, and files that break it and no other. They are laid over `cleanTree`. */
export const planted: readonly (readonly [rule: string, Tree])[] = [
  [
    'no-cycles',
    {
      'libs/runtime/a.ts': `import { b } from './b.ts';\nexport const a = () => b;\n`,
      'libs/runtime/b.ts': `import { a } from './a.ts';\nexport const b = () => a;\n`,
    },
  ],
  ['every-import-resolves', { 'libs/runtime/a.ts': `import { gone } from '#nowhere';\nexport const a = gone;\n` }],
  [
    'across-folders-by-subpath',
    { 'libs/domain/a.ts': `import { goal } from '../contracts/index.ts';\nexport const a = goal;\n` },
  ],
  [
    'across-folders-by-subpath',
    {
      'services/agents/planner/a.ts': `import type { engine } from '../engines/engine.ts';\nexport type A = typeof engine;\n`,
    },
  ],
  [
    'across-folders-by-subpath',
    { 'test/a.ts': `import { goal } from '../libs/contracts/goal.ts';\nexport const a = goal;\n` },
  ],
  [
    'contracts-stand-alone',
    {
      'libs/contracts/a.ts': `import { view } from '#replay';\nexport const a = view;\n`,
      'libs/replay/index.ts': `export const view = 1;\n`,
    },
  ],
  [
    'events-know-only-contracts',
    { 'libs/events/redis.ts': `import { logger } from '#runtime';\nexport const open = logger;\n` },
  ],
  ['pure-core', { 'libs/domain/a.ts': `import { readFile } from 'node:fs/promises';\nexport const a = readFile;\n` }],
  ['pure-core', { 'libs/contracts/a.ts': `import { get } from 'http';\nexport const a = get;\n` }],
  [
    'pure-core',
    { 'libs/replay/index.ts': `import { setTimeout } from 'node:timers/promises';\nexport const a = setTimeout;\n` },
  ],
  ['events-entry-is-pure', { 'libs/events/index.ts': `export { open } from './redis.ts';\n` }],
  [
    'events-entry-is-pure',
    {
      'libs/events/index.ts': `export { a } from './a.ts';\n`,
      'libs/events/a.ts': `export { b as a } from './b.ts';\n`,
      'libs/events/b.ts': `import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n`,
    },
  ],
  ['pure-core', { 'libs/domain/a.ts': `import { execa } from 'execa';\nexport const a = execa;\n` }],
  ['pure-core-imports-pure', { 'libs/domain/a.ts': `import { logger } from '#runtime';\nexport const a = logger;\n` }],
  [
    'pure-core-imports-pure',
    { 'libs/replay/index.ts': `import { open } from '#events/redis';\nexport const a = open;\n` },
  ],
  [
    'plumbing-knows-no-orchestration',
    { 'libs/queues/a.ts': `import { decide } from '#domain';\nexport const a = decide;\n` },
  ],
  [
    'plumbing-knows-no-orchestration',
    { 'libs/presence/a.ts': `import { decide } from '#domain';\nexport const a = decide;\n` },
  ],
  [
    'plumbing-knows-no-orchestration',
    { 'libs/repository/a.ts': `import { open } from '#events/redis';\nexport const a = open;\n` },
  ],
  [
    'plumbing-knows-no-orchestration',
    { 'libs/sandbox/a.ts': `import { decide } from '#domain';\nexport const a = decide;\n` },
  ],
  [
    'backlog-stands-apart',
    { 'libs/backlog/a.ts': `import { execute } from '#orchestrations';\nexport const a = execute;\n` },
  ],
  [
    'money-only-counts',
    { 'libs/money/a.ts': `import { execute } from '#orchestrations';\nexport const a = execute;\n` },
  ],
  ['views-only-read', { 'libs/views/a.ts': `import { execute } from '#orchestrations';\nexport const a = execute;\n` }],
  ['libs-know-no-service', { 'libs/client/a.ts': `import { engine } from '#engines';\nexport const a = engine;\n` }],
  [
    'services-are-strangers',
    { 'services/router/a.ts': `import { engine } from '#engines';\nexport const a = engine;\n` },
  ],
  [
    'services-are-strangers',
    { 'services/state/a.ts': `import { host } from '#host/client';\nexport const a = host;\n` },
  ],
  [
    'roles-are-strangers',
    { 'services/agents/builder/a.ts': `import { plan } from '#planner';\nexport const a = plan;\n` },
  ],
  ['roles-are-on-top', { 'services/agents/checks/a.ts': `import { plan } from '#planner';\nexport const a = plan;\n` }],
  ['state-only-projects', { 'services/state/a.ts': `import { open } from '#queues';\nexport const a = open;\n` }],
  ['gateway-only-serves', { 'services/gateway/a.ts': `import { decide } from '#domain';\nexport const a = decide;\n` }],
  ['cli-calls-the-client', { 'cli/a.ts': `import { start } from '#router';\nexport const a = start;\n` }],
  [
    'nothing-imports-the-cli',
    { 'services/host/a.ts': `import { program } from '../../cli/program.ts';\nexport const a = program;\n` },
  ],
  [
    'terminal-only-in-cli',
    { 'services/host/a.ts': `import { Command } from 'commander';\nexport const a = Command;\n` },
  ],
  [
    'fastify-only-in-gateway',
    { 'services/host/a.ts': `import { fastify } from 'fastify';\nexport const a = fastify;\n` },
  ],
  ['bullmq-only-where-jobs-are', { 'libs/client/a.ts': `import { Queue } from 'bullmq';\nexport const a = Queue;\n` }],
  ['models-only-in-their-engine', { 'libs/client/a.ts': `import { tool } from 'ai';\nexport const a = tool;\n` }],
  ['models-only-in-their-engine', { 'services/host/a.ts': `export const a = () => import('@ai-sdk/anthropic');\n` }],
  [
    'nothing-imports-tests',
    { 'libs/client/a.ts': `import { poll } from '../../test/support.ts';\nexport const a = poll;\n` },
  ],
  [
    'nothing-imports-tests',
    { 'libs/client/a.ts': `import { sample } from '#events/testing';\nexport const a = sample;\n` },
  ],
  [
    'product-needs-no-dev-dependency',
    { 'libs/client/a.ts': `import { transform } from 'esbuild';\nexport const a = transform;\n` },
  ],
];
