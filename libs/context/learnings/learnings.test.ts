import { expect, test } from 'vitest';
import { fc } from '../../../test/support/fast-check.ts';
import { countWords, daysAgo, learning, NOW, words } from '../context.testing.ts';
import { piecesOf } from '../pieces.ts';
import { usageOf } from '../pressure.ts';
import { chooseLearnings, domainsOf } from './choose.ts';
import { domainOfFile, learningsFile, parseLearnings, renderLearnings } from './markdown.ts';
import { summaryOf } from './summary.ts';
import { tierOf } from './tiers.ts';

const choose = (learnings: Parameters<typeof chooseLearnings>[0], text: string, skills: readonly string[] = []) =>
  chooseLearnings(learnings, { text, skills }, { most: 1_000, count: countWords }).map((chosen) => chosen.text);

test.each([
  [0, 1],
  [29, 1],
  [30, 2],
  [90, 2],
  [91, 3],
] as const)('a learning of %i days is of tier %i', (days, tier) => {
  expect(tierOf(daysAgo(days), NOW)).toBe(tier);
});

test.each([
  ['Add a login form', ['security', 'frontend'], ['security', 'frontend', 'global']],
  ['Integrate with Stripe', ['backend'], ['integration:stripe', 'backend', 'global']],
  ['Add the GitHub webhook', [], ['integration:github', 'global']],
  ['Set up continuous integration', ['devops'], ['global']],
] as const)('"%s" is about its skills, its integrations and global', (text, skills, domains) => {
  expect(domainsOf({ text, skills })).toEqual(domains);
});

test('a goal is told what was learned in its domains, newest first', () => {
  const learnings = [
    learning('older', { domain: 'testing', time: daysAgo(3) }),
    learning('newer', { domain: 'testing', time: daysAgo(2) }),
    learning('elsewhere', { domain: 'frontend' }),
    learning('everywhere', { domain: 'global', time: daysAgo(9) }),
  ];
  expect(choose(learnings, 'Add tests', ['testing'])).toEqual(['newer', 'older', 'everywhere']);
});

test('two words in common make a learning of another domain fit, one does not', () => {
  const learnings = [
    learning('the invoice exporter needs a locale', { domain: 'backend' }),
    learning('the invoice is blue', { domain: 'frontend' }),
  ];
  expect(choose(learnings, 'Fix the invoice exporter')).toEqual(['the invoice exporter needs a locale']);
});

test('the name of an integration in the goal is enough', () => {
  expect(choose([learning('sends twice', { domain: 'integration:stripe' })], 'Charge by Stripe')).toEqual([
    'sends twice',
  ]);
});

test('the same learning twice is given once, under its newer date', () => {
  const twice = [learning('same', { time: daysAgo(9) }), learning('same', { time: daysAgo(1) })];
  expect(chooseLearnings(twice, { text: 'g', skills: [] }, { most: 99, count: countWords })).toEqual([twice[1]]);
});

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });

test('what is given never takes more than its pool, and misses nothing newer than what is given', () =>
  fc.assert(
    fc.property(lengths, fc.integer({ min: 0, max: 200 }), (all, most) => {
      const learnings = all.map((length, index) => learning(`${index} ${words(length)}`, { time: daysAgo(index) }));
      const chosen = chooseLearnings(learnings, { text: 'g', skills: [] }, { most, count: countWords });
      const given = piecesOf({ texts: [], learnings: chosen, docs: [], plan: null }, countWords);
      expect(usageOf(given).learnings).toBeLessThanOrEqual(most);
      expect(chosen).toEqual(learnings.slice(0, chosen.length));
    }),
  ));

test.each(['global', 'testing', 'integration:stripe'])('domain %s has a file of its own', (domain) => {
  expect(domainOfFile(learningsFile(domain))).toBe(domain);
});

test('a file that is named otherwise is about no domain', () => {
  expect(['README.md', 'testing.txt', 'Testing.md'].map(domainOfFile)).toEqual([null, null, null]);
});

test('what is written is read again as it was', () => {
  const orchestration = 'orch_20260601_120000_a1b2c3d4e5f6';
  const learnings = [
    learning('The port is taken: use 0', { time: '2026-06-01', orchestration }),
    learning(`Long. ${words(60)}`, { time: '2026-05-31', orchestration }),
    learning('Written by hand', { time: '2026-05-01' }),
  ];
  expect(parseLearnings('global', renderLearnings('global', learnings), '2026-06-30')).toEqual(learnings);
});

test('an entry has a heading with its day and first words, then the rest', () => {
  expect(
    renderLearnings('global', [learning(`So it is. ${words(3)}`, { time: '2026-06-01T08:00:00.000Z' })]),
  ).toContain('\n## 2026-06-01: So it is.\n\nSo it is. word word word\n');
});

test('what a person wrote is read with its title; without a day it is of the day of its file', () => {
  const markdown = '# Notes\n\nSome words.\n\n## Seed\n\nrun the seed first\n\n## 2026-01-02: mind the cache\n';
  expect(parseLearnings('global', markdown, '2026-06-30')).toEqual([
    learning('Seed: run the seed first', { time: '2026-06-30' }),
    learning('mind the cache', { time: '2026-01-02' }),
  ]);
});

test('a summary is the first sentence, cut at a word', () => {
  expect(summaryOf('It failed. It passed later.')).toBe('It failed.');
  expect(summaryOf(`${words(60, 'seven77')}`)).toMatch(/^(seven77 )+seven77…$/);
});

test('a summary is never longer than its text', () =>
  fc.assert(fc.property(fc.string(), (text) => summaryOf(text).length <= text.length)));
