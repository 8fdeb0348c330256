import { expect, test } from 'vitest';
import { countWords, policy, reading, words } from './context.testing.ts';
import { piecesOf } from './pieces.ts';
import { budgetOf, overHardLimit, pressureOf, usageOf } from './pressure.ts';

const used = (change: Partial<Record<keyof typeof policy.pools, number>>) => ({ ...usageOf([]), ...change });

test.each([
  [0, 'normal'],
  [23_999, 'normal'],
  [24_000, 'warning'],
  [28_499, 'warning'],
  [28_500, 'critical'],
  [30_000, 'critical'],
] as const)('%i of 30,000 tokens in a pool is pressure %s', (tokens, level) => {
  expect(pressureOf(used({ working: tokens }), policy)).toBe(level);
});

test('pools that are each below their limits may together be under pressure', () => {
  const tight = { ...policy, total: { soft: 60_000, hard: 70_000 } };
  expect(pressureOf(used({ reserved: 20_000, plans: 20_000, working: 17_000 }), tight)).toBe('critical');
});

test('only what holds more than its hard limit is over it', () => {
  expect(overHardLimit(used({ working: 40_000, plans: 35_001 }), policy)).toEqual(['plans']);
  expect(overHardLimit(used({ working: 40_000 }), { ...policy, total: { soft: 1, hard: 2 } })).toEqual(['total']);
});

test('the table says OK, WARNING from 80 % and EXCEEDED above the soft limit', () => {
  const { pools, total } = budgetOf(
    used({ reserved: 28_000, learnings: 15_000, backlog: 8_000, plans: 31_000 }),
    policy,
    false,
  );
  expect(pools.map(({ pool, status }) => `${pool} ${status}`)).toEqual([
    'reserved WARNING',
    'learnings OK',
    'backlog OK',
    'plans EXCEEDED',
    'context7 OK',
    'working OK',
  ]);
  expect(total).toEqual({ used: 82_000, soft: 150_000, hard: 185_000, status: 'OK', percent: 55 });
});

test('each text that is given is a piece with its hash, source, pool and tokens; an empty text is none', () => {
  const pieces = piecesOf(
    reading({
      texts: [
        { pool: 'working', source: 'goal', text: words(3) },
        { pool: 'working', source: 'hint', text: '' },
      ],
      docs: [{ library: 'zod', text: words(2) }],
    }),
    countWords,
  );
  expect(pieces).toEqual([
    { pool: 'working', source: 'goal', tokens: 3, hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
    { pool: 'context7', source: 'docs/zod.md', tokens: 2, hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
  ]);
});
