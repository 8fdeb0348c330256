import { describe, expect, test } from 'vitest';
import { commit, prepared, reported } from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import { baseOf, builtOn } from './bases.ts';
import {
  builder,
  childOf,
  conflicts,
  doneAgain,
  ends,
  goalOf,
  live,
  mark,
  merged,
  statuses,
  story,
  task,
} from './children.testing.ts';
import { toMerge } from './merge-order.ts';

/** Digits of the commits that the present run of a task was told to build on. */
const basesOf = (facts: Facts, id: string): string =>
  childOf(live(facts), id)
    .bases.map((base) => base.charAt(0))
    .join('');
const orderOf = (facts: Facts): string =>
  toMerge(live(facts))
    .map(({ task: { id } }) => id)
    .join(' ');
const ok = (id: string, digit: string) => ends(id, { digit });

describe('a task builds on', () => {
  test('whatever is checked out, where nobody knows a commit yet', () =>
    expect(basesOf([goalOf([task('T1'), task('T2')])], 'T2')).toBe(''));
  test('the commit that the first one began at, so that all of a run have one base', () => {
    const facts = story([goalOf(['T1', 'T2', 'T3', 'T4'].map((id) => task(id)))], ok('T2', 'b'));
    expect(basesOf(facts, 'T4')).toBe('a');
    expect(baseOf(live(facts))).toBe(commit('a'));
  });
  test('also where that one failed', () =>
    expect(basesOf(story([goalOf([task('T1'), task('T2')], { sequential: true })], ends('T1')), 'T2')).toBe('a'));
  test('the work of what it depends on', () =>
    expect(basesOf(story([goalOf([task('T1'), task('T2', { after: ['T1'] })])], ok('T1', 'b')), 'T2')).toBe('b'));
  test('the work of several, and not twice on what is in another one', () => {
    const facts = [
      goalOf([
        task('T1'),
        task('T2', { after: ['T1'] }),
        task('T3', { after: ['T1'] }),
        task('T4', { after: ['T1', 'T2', 'T3'] }),
        task('T5', { after: ['T1', 'T2', 'T4'] }),
      ]),
    ];
    const both = story(facts, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'));
    expect(basesOf(both, 'T4')).toBe('cd');
    expect(basesOf(story(both, ok('T4', 'e')), 'T5')).toBe('e');
  });
  test('nothing of what it does not depend on', () =>
    expect(
      basesOf(
        story([goalOf([task('T1'), task('T2'), task('T3', { after: ['T2'] })])], ok('T1', 'b'), ok('T2', 'c')),
        'T3',
      ),
    ).toBe('c'));
  test('nothing of what failed, where that is ignored', () =>
    expect(
      basesOf(story([goalOf([task('T1'), task('T2', { after: { T1: 'ignore_failed' } })])], ends('T1')), 'T2'),
    ).toBe('a'));
  test('the base, where what it depends on has changed nothing', () =>
    expect(
      basesOf(story([goalOf([task('T1'), task('T2', { after: ['T1'] })])], ends('T1', { outcome: 'completed' })), 'T2'),
    ).toBe('a'));
  test('the work of those before it that declare the same files, though it does not depend on them', () =>
    expect(
      basesOf(story([goalOf([task('T1', { files: ['a.ts'] }), task('T2', { files: ['*.ts'] })])], ok('T1', 'b')), 'T2'),
    ).toBe('b'));
  test('all that is done before it, in a sequence', () => {
    const facts = [goalOf([task('T1'), task('T2'), task('T3')], { sequential: true })];
    expect(basesOf(story(facts, ok('T1', 'b')), 'T2')).toBe('b');
    expect(basesOf(story(facts, ok('T1', 'b'), ok('T2', 'c')), 'T3')).toBe('c');
  });
});

describe('finished tasks are merged', () => {
  test('in the order given, whichever was done first', () =>
    expect(
      orderOf(story([goalOf([task('T1'), task('T2'), task('T3')])], ok('T3', 'b'), ok('T1', 'c'), ok('T2', 'd'))),
    ).toBe('T1 T2 T3'));
  test('but none before what it depends on', () =>
    expect(
      orderOf(
        story(
          [goalOf([task('T1', { after: ['T3'] }), task('T2'), task('T3')])],
          ok('T3', 'b'),
          ok('T1', 'c'),
          ok('T2', 'd'),
        ),
      ),
    ).toBe('T2 T3 T1'));
  test('also one of a circle, that was done without the other', () => {
    const circle = [goalOf([task('T1', { after: ['T2'] }), task('T2', { after: { T1: 'ignore_failed' } })])];
    expect(statuses(circle)).toBe('T1 skipped, T2 running');
    expect(orderOf(story(circle, ok('T2', 'b')))).toBe('T2');
  });
  test('each once, and only those that completed with a commit', () => {
    const done = story(
      [goalOf([task('T1'), task('T2'), task('T3')])],
      ok('T1', 'b'),
      ends('T2'),
      ok('T3', 'c'),
      builder,
    );
    expect(orderOf(done)).toBe('T1 T3');
    expect(orderOf(story(done, merged('T1', 'd')))).toBe('T3');
    expect(live(story(done, merged('T1', 'd'))).commit).toBe(commit('d'));
  });
  test('one after the other on the tree of the run, which what is done again builds on', () => {
    const facts = story(
      [goalOf([task('T1'), task('T2')])],
      ok('T1', 'b'),
      ok('T2', 'c'),
      builder,
      (run) => reported(mark(run).lease, 1, prepared),
      merged('T1', 'd'),
      conflicts('T2'),
    );
    expect(basesOf(facts, 'T2')).toBe('d');
    expect(given(...facts).history.slice(-2)).toMatchObject([doneAgain('T2'), { type: 'child.started' }]);
  });
});

describe('what is built on a task', () => {
  const chain = [
    goalOf([
      task('T1'),
      task('T2', { after: ['T1'] }),
      task('T3', { after: ['T2'] }),
      task('T4'),
      task('T5', { files: ['x.ts'] }),
    ]),
  ];
  const done = story(chain, ok('T1', 'b'), ok('T4', 'c'), ok('T2', 'd'), ok('T3', 'e'), ok('T5', 'f'));

  test('is all that has its work in it, however far down', () => {
    expect(builtOn(live(done), 'T1')).toEqual(['T2', 'T3']);
    expect(builtOn(live(done), 'T2')).toEqual(['T3']);
    expect(builtOn(live(done), 'T3')).toEqual([]);
    expect(builtOn(live(done), 'T4')).toEqual([]);
  });
  test('is nothing that was merged already, and nothing of a task without work', () => {
    const some = story(done, builder, merged('T1', 'a'), merged('T2', 'b'));
    expect(builtOn(live(some), 'T2')).toEqual(['T3']);
    expect(builtOn(live(story(some, merged('T3', 'c'))), 'T2')).toEqual([]);
    expect(builtOn(live(chain), 'T1')).toEqual([]);
  });
});
