import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BudgetDocument, LearningsDocument } from '#contracts';
import { scriptIn } from '../compat/scripts.ts';
import { testRedis } from '../support/redis.ts';
import { studioIn } from './studio.ts';

const { url, tag } = testRedis();
const { folder, run } = studioIn({ REDIS_URL: url, STUDIO_TAG: tag });
const budget = async (...argv: readonly string[]) =>
  BudgetDocument.parse(JSON.parse((await run(['budget', ...argv, '--json'])).stdout));

test('without a run the budget shows the limits of a new one, as a table of all pools', async () => {
  const { code, stdout } = await run(['budget']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      'no run yet: the limits of a new one',
      '',
      'Pool           Used    Soft    Status',
      '─────────────────────────────────────',
      'reserved       0       30000   OK',
      'learnings      0       20000   OK',
      'backlog        0       15000   OK',
      'plans          0       30000   OK',
      'context7       0       25000   OK',
      'working        0       30000   OK',
      '─────────────────────────────────────',
      'TOTAL          0       150000  OK (0%)',
      '',
    ].join('\n'),
  );
});

test('the script and the command agree on pools and limits', async () => {
  const script = scriptIn('context-manager.sh');
  const { id, pools, total } = await budget();
  expect(id).toBeNull();
  for (const { pool, soft, hard } of pools) {
    const { code, out } = script.run('budget', pool);
    expect({ pool, code, out }).toEqual({
      pool,
      code: 0,
      out: expect.stringMatching(`Soft Limit: ${soft} tokens\nHard Limit: ${hard} tokens\n`),
    });
  }
  const table = script.run('budget').out;
  expect(table.match(/^[a-z0-9]+ +\d+ +\d+ +\d+ /gm)).toHaveLength(pools.length);
  expect(table).toMatch(new RegExp(`^TOTAL +\\d+ +${total.soft} +${total.hard} `, 'm'));
});

test('a run that no agent has read for yet shows limits and nothing given', async () => {
  const { id } = JSON.parse((await run(['submit', 'Fix the login page', '--json'])).stdout);
  expect(await budget(id)).toMatchObject({ id, given: [], total: { used: 0 } });
  expect((await run(['budget', id])).stdout).toContain(`${id}  pressure normal`);
});

test('learnings are those of the files of the folder, newest first, with the tier of their age', async () => {
  expect((await run(['learnings'])).stdout).toMatch(/^nothing was learned here so far; studio learnings --all /);
  const learnings = join(folder, 'studio', 'learnings');
  mkdirSync(learnings, { recursive: true });
  const now = Date.now();
  const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString().slice(0, 10);
  const entries = [100, 1, 45].map((days) => `## ${daysAgo(days)}: of day ${days}\n`);
  writeFileSync(join(learnings, 'global.md'), entries.join('\n'));
  writeFileSync(join(learnings, 'integration-stripe.md'), `## ${daysAgo(2)}: of stripe\n`);
  const found = LearningsDocument.parse(JSON.parse((await run(['learnings', '--json'])).stdout)).learnings;
  expect(found.map(({ text, tier }) => `${text}: ${tier}`)).toEqual([
    'of day 1: 1',
    'of stripe: 1',
    'of day 45: 2',
    'of day 100: 3',
  ]);
  const { stdout } = await run(['learnings', '--domain', 'integration:stripe']);
  expect(stdout).toBe(
    `integration:stripe  ${daysAgo(2)}  tier 1, whole when space is short; written by hand\n  of stripe\n1 learning\n`,
  );
});

test('a domain that is none is refused with those there are', async () => {
  const { code, stderr } = await run(['learnings', '--domain', 'kitchen']);
  expect(code).toBe(2);
  expect(stderr).toContain('a domain is global, frontend, backend');
});
