import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { brokenRules, checkTree, repository, ruleNames } from './check-boundaries.ts';
import { cleanTree, planted } from './planted.ts';

const Result = z.object({
  modules: z.array(
    z.object({
      source: z.string(),
      dependencies: z.array(z.object({ module: z.string(), resolved: z.string() })),
    }),
  ),
});

describe('the rules', () => {
  test('a tree that keeps to them breaks none, and all of it is read', async () => {
    const result = await checkTree(cleanTree);
    expect(brokenRules(result)).toEqual([]);
    const read = result.modules.map((module) => module.source);
    expect(read).toEqual(expect.arrayContaining(Object.keys(cleanTree)));
  });

  test.each(planted)('%s, and no other rule, is broken by %j', async (rule, plant) => {
    expect(brokenRules(await checkTree({ ...cleanTree, ...plant }))).toEqual([rule]);
  });

  test('every rule has a planted violation', () => {
    const proven = new Set(planted.map(([rule]) => rule));
    expect(ruleNames.filter((rule) => !proven.has(rule))).toEqual([]);
  });
});

// In a folder: what lies at the root configures a tool. Examples and recipes are not ours to bind.
const SOURCES = ['*/*.ts', '*/*.mjs', ':!examples', ':!recipes'];

// A checker that reads nothing reports no violation either.
describe('the command that CI runs', () => {
  test('reads every source file of this repository, and follows the subpath imports between them', async () => {
    const { stdout: list } = await execa(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', ...SOURCES],
      {
        cwd: repository,
      },
    );
    const { stdout } = await execa('npm', ['run', '--silent', 'boundaries', '--', '--output-type', 'json'], {
      cwd: repository,
      reject: false, // violations have their own step in CI; this asks only what was read
    });
    const { modules } = Result.parse(JSON.parse(stdout));
    const read = new Set(modules.map((module) => module.source));
    const onDisk = list.split('\n').filter((path) => existsSync(join(repository, path)));
    expect(onDisk.length).toBeGreaterThan(20);
    expect(onDisk.filter((path) => !read.has(path))).toEqual([]);
    const contracts = modules.flatMap(({ dependencies }) =>
      dependencies.filter(({ module }) => module === '#contracts'),
    );
    expect(contracts.length).toBeGreaterThan(5);
    expect(new Set(contracts.map(({ resolved }) => resolved))).toEqual(new Set(['libs/contracts/index.ts']));
  });
});
