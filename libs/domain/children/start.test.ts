import { describe, expect, test } from 'vitest';
import type { EdgePolicy } from '#contracts';
import { continued, dispatched, paused, planOf } from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import {
  begun,
  endedTask,
  endOfTask,
  ends,
  failedRun,
  goalOf,
  skippedTask,
  statuses,
  story,
  task,
} from './children.testing.ts';

const ended = (facts: Facts, id: string, end: Parameters<typeof ends>[1] = {}) => story(facts, ends(id, end));
const onT1 = (policy: EdgePolicy): Facts => [goalOf([task('T1'), task('T2', { after: { T1: policy } })])];

describe('tasks begin', () => {
  test('all at once, where nothing stands against it', () =>
    expect(statuses([goalOf([task('T1'), task('T2'), task('T3')])])).toBe('T1 running, T2 running, T3 running'));
  test('at most so many at once, in the order given, and the next one when one has ended', () => {
    const facts = [goalOf(['T1', 'T2', 'T3', 'T4', 'T5'].map((id) => task(id)))];
    expect(statuses(facts)).toBe('T1 running, T2 running, T3 running, T4 pending, T5 pending');
    given(...facts)
      .when(endOfTask(facts, 'T2', { digit: 'b' }))
      .thenEvents(endedTask(facts, 'T2', { digit: 'b' }), begun(facts, 2, 'T4', { bases: ['a'.repeat(40)] }));
  });
  test('one after the other in a sequence, in the order given', () => {
    const facts = [goalOf([task('T1'), task('T2'), task('T3')], { sequential: true })];
    expect(statuses(facts)).toBe('T1 running, T2 pending, T3 pending');
    expect(statuses(ended(facts, 'T1', { digit: 'b' }))).toBe('T1 completed, T2 running, T3 pending');
  });
  test('in a sequence also after one that failed', () =>
    expect(statuses(ended([goalOf([task('T1'), task('T2')], { sequential: true })], 'T1'))).toBe(
      'T1 failed, T2 running',
    ));
  test('once all that they depend on has completed, wherever that stands in the list', () => {
    const facts = [goalOf([task('T1', { after: ['T2', 'T3'] }), task('T2'), task('T3')])];
    expect(statuses(facts)).toBe('T1 pending, T2 running, T3 running');
    expect(statuses(ended(facts, 'T2', { digit: 'b' }))).toBe('T1 pending, T2 completed, T3 running');
    expect(statuses(story(facts, ends('T2', { digit: 'b' }), ends('T3', { digit: 'c' })))).toBe(
      'T1 running, T2 completed, T3 completed',
    );
  });
  test('without room being kept for one that has to wait', () =>
    expect(statuses([goalOf([task('T1', { after: ['T4'] }), task('T2'), task('T3'), task('T4')])])).toBe(
      'T1 pending, T2 running, T3 running, T4 running',
    ));
  test('not while the run is paused, and all of them when it goes on', () => {
    const facts = [goalOf([task('T1'), task('T2', { after: ['T1'] })]), paused()];
    const waiting = ended(facts, 'T1', { digit: 'b' });
    expect(statuses(waiting)).toBe('T1 completed, T2 pending');
    given(...waiting)
      .when({ type: 'continue' })
      .thenEvents(continued(), begun(waiting, 2, 'T2', { bases: ['b'.repeat(40)] }));
  });
});

describe('tasks that declare the same files', () => {
  const three = (change: Parameters<typeof goalOf>[1] = {}) => [
    goalOf([task('T1', { files: ['src/api/**'] }), task('T2', { files: ['src/api/users.ts'] }), task('T3')], change),
  ];
  test('never run at once; another one takes the place', () =>
    expect(statuses(three())).toBe('T1 running, T2 pending, T3 running'));
  test('run after each other, also where the first one failed', () => {
    expect(statuses(ended(three(), 'T1', { digit: 'b' }))).toBe('T1 completed, T2 running, T3 running');
    expect(statuses(ended(three(), 'T1'))).toBe('T1 failed, T2 running, T3 running');
  });
  test('have declared what their plans write, too', () => {
    const base = planOf(1);
    const [step] = base.steps;
    if (!step) throw new Error('a plan of one step has one');
    const plan = { ...base, steps: [{ ...step, operations: [{ op: 'write' as const, path: 'a.ts', content: '' }] }] };
    expect(statuses([goalOf([task('T1', { plan }), task('T2', { files: ['*.ts'] })])])).toBe('T1 running, T2 pending');
  });
});

describe('when a task is lost', () => {
  test('what depends on it is skipped, and says why', () => {
    const facts = onT1('all');
    given(...facts)
      .when(endOfTask(facts, 'T1', { reason: 'the tests are red' }))
      .thenEvents(
        endedTask(facts, 'T1', { reason: 'the tests are red' }),
        skippedTask('T2', 'T1 failed: the tests are red'),
        failedRun('0 of 2 tasks completed; T1 failed: the tests are red; T2 was skipped: T1 failed: the tests are red'),
      );
  });
  test('and so is what depends on that', () =>
    expect(
      statuses(ended([goalOf([task('T3', { after: ['T2'] }), task('T2', { after: ['T1'] }), task('T1')])], 'T1')),
    ).toBe('T3 skipped, T2 skipped, T1 failed'));
  test.each(['aborted', 'halted'] as const)('by being %s, it is lost as well', (outcome) =>
    expect(statuses(ended(onT1('all'), 'T1', { outcome }))).toBe('T1 failed, T2 skipped'),
  );
  test('what ignores that begins all the same, once it has ended', () => {
    expect(statuses(onT1('ignore_failed'))).toBe('T1 running, T2 pending');
    expect(statuses(ended(onT1('ignore_failed'), 'T1'))).toBe('T1 failed, T2 running');
    expect(statuses(ended(onT1('ignore_failed'), 'T1', { digit: 'b' }))).toBe('T1 completed, T2 running');
  });
  test('what ignores that begins also where the other one was skipped', () =>
    expect(
      statuses(
        ended(
          [goalOf([task('T1'), task('T2', { after: ['T1'] }), task('T3', { after: { T2: 'ignore_failed' } })])],
          'T1',
        ),
      ),
    ).toBe('T1 failed, T2 skipped, T3 running'));

  const failsFast: Facts = [
    goalOf([task('T1'), task('T2', { after: { T1: 'fail_fast' } }), task('T3'), task('T4'), task('T5')]),
  ];
  test('of which a task says that everything ends then, nothing begins any more', () => {
    expect(statuses(failsFast)).toBe('T1 running, T2 pending, T3 running, T4 running, T5 pending');
    const lost = ended(failsFast, 'T1', { reason: 'no' });
    expect(statuses(lost)).toBe('T1 failed, T2 skipped, T3 running, T4 running, T5 skipped');
    expect(given(...lost).state).toMatchObject({
      children: expect.arrayContaining([
        expect.objectContaining({ reason: 'everything ends, because T1 failed: no', status: 'skipped' }),
      ]),
    });
  });
  test('of which a task says so, the run fails when the last one that runs has ended, whatever was completed', () => {
    const facts = story(failsFast, ends('T1', { reason: 'no' }), ends('T3', { digit: 'b' }));
    given(...facts)
      .when(endOfTask(facts, 'T4', { outcome: 'aborted' }))
      .thenEvents(
        endedTask(facts, 'T4', { outcome: 'aborted' }),
        failedRun(
          '1 of 5 tasks completed; T1 failed: no; T2 was skipped: everything ends, because T1 failed: no; ' +
            'T4 was aborted; T5 was skipped: everything ends, because T1 failed: no',
        ),
      );
  });
  test('nothing else is ended by it: the rest goes on', () =>
    expect(statuses(ended([goalOf([task('T1'), task('T2'), task('T3', { after: ['T1'] })])], 'T1'))).toBe(
      'T1 failed, T2 running, T3 skipped',
    ));
});

describe('tasks that wait for each other in a circle', () => {
  test('are given up, and the others are done', () => {
    const facts = [goalOf([task('T1', { after: ['T2'] }), task('T2', { after: ['T1'] }), task('T3')])];
    expect(statuses(facts)).toBe('T1 pending, T2 pending, T3 running');
    given(...facts)
      .when(endOfTask(facts, 'T3', { digit: 'b' }))
      .thenEvents(
        endedTask(facts, 'T3', { digit: 'b' }),
        skippedTask('T1', 'it depends on itself'),
        skippedTask('T2', 'T1 was skipped: it depends on itself'),
        dispatched(),
      );
  });
  test('and one that waits for itself alone', () =>
    expect(statuses([goalOf([task('T1', { after: ['T1'] })])])).toBe('T1 skipped'));
});
