import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { fc } from '../../../test/support/fast-check.ts';
import { RoutingPolicy } from './policy.ts';
import { type Route, route } from './route.ts';

const policy = RoutingPolicy.parse(parse(readFileSync(new URL('../../../data/routing.yaml', import.meta.url), 'utf8')));
const decide = (goal: string) => route({ goal, tasks: [], hasPlan: false, requested: null }, policy);

const vocabulary = [
  ...policy.verbs.flatMap(({ words }) => words),
  ...policy.defects.nouns,
  ...policy.scope.wholes,
  ...policy.scope.weak,
  ...policy.grammar.determiners,
  ...policy.grammar.breaks.slice(0, 20),
  ...['login', 'page', 'and', 'button', 'invoice', '-', '1.', ',', ':', '\n', '"', '`', '('],
];
/** Sentences of words that mean something to the policy, in any order. */
const salad = fc.array(fc.constantFrom(...vocabulary), { maxLength: 30 }).map((words) => words.join(' '));
const anyGoal = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme' }), salad);
const words = fc
  .array(fc.constantFrom(...vocabulary.filter((word) => /^[a-z ]+$/.test(word))), { minLength: 1, maxLength: 12 })
  .map((found) => found.join(' '));

test('any text is routed, with a confidence, a reason, agents and at most four skills', () => {
  fc.assert(
    fc.property(anyGoal, (goal) => {
      const decided = decide(goal);
      expect(decided.confidence).toBeGreaterThanOrEqual(policy.lowest_confidence);
      expect(decided.confidence).toBeLessThanOrEqual(1);
      expect(decided.signals.length).toBeGreaterThan(0);
      expect(decided.agents).toEqual(policy.agents[decided.workflow]);
      expect(decided.skills.length).toBeLessThanOrEqual(4);
      expect(decided.signals.some(({ pointsTo }) => pointsTo === decided.workflow)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('the same goal is routed the same, whatever was routed before', () => {
  fc.assert(
    fc.property(anyGoal, anyGoal, (goal, other) => {
      const before = decide(goal);
      decide(other);
      expect(decide(goal)).toEqual(before);
    }),
  );
});

test.each<readonly [string, (goal: string) => string]>([
  ['upper case', (goal) => goal.toUpperCase()],
  ['spaces doubled and around', (goal) => `  ${goal.replaceAll(' ', '  \t')}  `],
  ['a full stop at the end', (goal) => `${goal}.`],
  ['exclamation marks at the end', (goal) => `${goal}!!!`],
  ['quotation marks around all of it', (goal) => `"${goal}"`],
  ['the words in bold', (goal) => `**${goal}**`],
])('%s: the same decision', (_name, change) => {
  fc.assert(
    fc.property(words, (goal) => {
      expect(decide(change(goal))).toEqual<Route>(decide(goal));
    }),
  );
});

const fastestMs = (goal: string, rounds: number): number => {
  const times = Array.from({ length: rounds }, () => cpuMsOf(() => decide(goal)));
  return Math.min(...times);
};

// The fastest of many runs: what the code costs, not what else the machine does. Limits are wide multiples of it.
test.each([
  ['one word', 'fix '],
  ['joined clauses', 'fix the bug and add a page, '],
  ['lines of a list', '1. add a page\n'],
  ['numbers on one line', '1. a 2. b '],
  ['open quotes', '"`“'],
  ['polite words', 'please can you '],
  ['stops', '. '],
  ['blanks', ' '],
  ['dots', '.'],
  ['a numbered line of blanks', '1. a                                     '],
  ['hyphens', 'multi-'],
  ['addresses', 'http://a '],
])('a goal of 16,000 characters is routed in milliseconds: %s', (_name, part) => {
  const body = part.repeat(Math.ceil(16_000 / part.length)).slice(0, 15_990);
  expect(fastestMs(`fix a ${body}a`, 5)).toBeLessThan(400);
});

test('a usual goal costs microseconds', () => {
  expect(fastestMs('Please add a health endpoint to the billing service and fix the typo', 500)).toBeLessThan(2);
});
