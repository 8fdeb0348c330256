import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  closed,
  commit,
  dispatched,
  failureOf,
  halted,
  recovered,
  report,
  reported,
} from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';
import { openInteraction } from '../run.ts';
import { react } from '../wishes.ts';
import {
  begun,
  builder,
  childOf,
  conflictOf,
  conflicts,
  doesNotMerge,
  doneAgain,
  endedTask,
  endOfTask,
  ends,
  failedRun,
  goalOf,
  limits,
  live,
  mark,
  merged,
  runOf,
  skippedTask,
  statuses,
  story,
  task,
} from './children.testing.ts';

const ok = (id: string, digit: string) => ends(id, { digit });
const answer = (text: string, note: string | null = null) =>
  ({ type: 'answer', interaction: null, answer: text, note }) as const;
const told = (facts: Facts, id: string) => {
  const { lease, seq } = mark(live(facts));
  return report(lease, seq, doesNotMerge(id));
};

/** T1 is merged as `d`, T2 is about to be. */
const merging = story([goalOf([task('T1'), task('T2')])], ok('T1', 'b'), ok('T2', 'c'), builder, merged('T1', 'd'));
const redoing = story(merging, conflicts('T2'));
const again = story(redoing, ok('T2', 'e'), builder);
/** It was done again, and does not merge either. */
const stuck = story(again, conflicts('T2'));

/** T3 is built on T2. */
const chain = story(
  [goalOf([task('T1'), task('T2'), task('T3', { after: ['T2'] }), task('T4')])],
  ok('T1', 'b'),
  ok('T2', 'c'),
  ok('T3', 'd'),
  ok('T4', 'e'),
  builder,
  merged('T1', 'f'),
);

describe('a task that does not merge', () => {
  test('is done again on what is merged so far, as another run, and the builder lets go', () =>
    given(...merging)
      .when(told(merging, 'T2'))
      .thenEvents(
        conflictOf(live(merging), 'T2'),
        doneAgain('T2'),
        begun(merging, 3, 'T2', { try: 2, bases: [commit('d')] }),
      ));
  test('has no branch moved for it: the run stays at what merged', () => {
    expect(live(redoing).commit).toBe(commit('d'));
    expect(live(redoing).invocations).toMatchObject([{ status: 'pending', lease: null }]);
    expect(react(live(redoing)).map((wish) => wish.do)).toEqual(['child']);
  });
  test('is merged by another attempt, when it is done', () => {
    given(...redoing)
      .when(endOfTask(redoing, 'T2', { digit: 'e' }))
      .thenEvents(endedTask(redoing, 'T2', { digit: 'e' }), dispatched({ attempt: 2, reason: 'replan' }));
    expect(statuses(story(again, merged('T2', 'f')))).toBe('T1 completed, T2 completed');
  });
  test('is not known by its old run any more', () => {
    const old = { ...endOfTask(merging, 'T2', { digit: 'c' }) };
    given(...redoing)
      .when(old)
      .thenNothing();
    expect(runOf(live(redoing), 'T2')).not.toBe(old.child);
  });
  test('takes along what was built on it, in order, and nothing else', () => {
    const facts = story(chain, conflicts('T2'));
    expect(statuses(facts)).toBe('T1 completed, T2 running, T3 pending, T4 completed');
    const next = story(facts, ok('T2', 'a'));
    expect(statuses(next)).toBe('T1 completed, T2 completed, T3 running, T4 completed');
    expect(childOf(live(next), 'T3')).toMatchObject({ try: 2, bases: [commit('a')] });
  });
  test('may fail the second time: then the run goes on without it', () => {
    given(...redoing)
      .when(endOfTask(redoing, 'T2', { reason: 'no' }))
      .thenEvents(endedTask(redoing, 'T2', { reason: 'no' }), dispatched({ attempt: 2, reason: 'replan' }));
    expect(statuses(story(chain, conflicts('T2'), ends('T2')))).toBe(
      'T1 completed, T2 failed, T3 skipped, T4 completed',
    );
  });
  test('is done again once; each of them once', () => {
    given(...again)
      .when(told(again, 'T2'))
      .thenEvents(
        conflictOf(live(again), 'T2'),
        recovered('escalate', 'T2 was done again, and still does not merge'),
        given(...stuck)
          .history.slice(-1)
          .flatMap(({ type, v, data }) => ({ type, v, data }) as Facts[number]),
      );
    const other = story(chain, conflicts('T2'), ok('T2', 'a'), ok('T3', 'b'), builder, merged('T2', 'c'));
    expect(statuses(story(other, conflicts('T3')))).toBe('T1 completed, T2 completed, T3 running, T4 completed');
  });
  test('is not done again where the policy has no replan', () => {
    const none = story(
      [goalOf([task('T1')], { policy: { ...limits, replans: 0 } })],
      ok('T1', 'b'),
      builder,
      conflicts('T1'),
    );
    expect(openInteraction(live(none))?.kind).toBe('escalation');
  });
});

describe('then a person is asked', () => {
  test('to try again, to do without it, or to end the run', () =>
    expect(openInteraction(live(stuck))).toMatchObject({
      prompt:
        'The builder failed at T2: T2 was done again, and still does not merge.\n' +
        'Last error: T2 does not merge: conflict in a.ts',
      options: [
        { key: 'r', label: 'retry; say what to do differently' },
        { key: 's', label: 'skip T2, which is not critical' },
        { key: 'a' },
      ],
    }));
  test('r does it again with what the person says, and the builder waits for it', () => {
    given(...stuck)
      .when(answer('r', 'leave a.ts alone'))
      .thenEvents(
        closed(1, 'answered', 'r', 'leave a.ts alone'),
        begun(stuck, 2, 'T2', { try: 3, bases: [commit('d')] }),
      );
    const facts = [...stuck, closed(1, 'answered', 'r', 'leave a.ts alone')];
    expect(childOf(live(facts), 'T2').hint).toBe('leave a.ts alone');
    const third = story(facts, ok('T2', 'f'), builder, conflicts('T2'));
    expect(openInteraction(live(third))).toMatchObject({ id: 'int_2' });
    expect(childOf(live([...third, closed(2, 'answered', 'r')]), 'T2').hint).toBe('leave a.ts alone');
  });

  const without = skippedTask('T2', 'it does not merge, and a person chose to do without it');
  test('s goes on without it, and the run says so when it ends', () => {
    given(...stuck)
      .when(answer('s'))
      .thenEvents(closed(1, 'answered', 's'), without, dispatched({ attempt: 3, reason: 'skipped_step' }));
    const facts = [...stuck, closed(1, 'answered', 's'), without];
    expect(statuses(facts)).toBe('T1 completed, T2 skipped');
  });
  test('s does without all that was built on it, unless that ignores it', () => {
    const twice = (edge: 'all' | 'ignore_failed') => {
      const tasks = [task('T1'), task('T2'), task('T3', { after: { T2: edge } })];
      const first = story([goalOf(tasks)], ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder, merged('T1', 'e'));
      return story(first, conflicts('T2'), ok('T2', 'f'), ok('T3', 'a'), builder, conflicts('T2'));
    };
    expect(statuses([...twice('all'), closed(1, 'answered', 's'), without])).toBe(
      'T1 completed, T2 skipped, T3 skipped',
    );
    const ignored = [...twice('ignore_failed'), closed(1, 'answered', 's'), without];
    expect(statuses(ignored)).toBe('T1 completed, T2 skipped, T3 running');
    expect(childOf(live(ignored), 'T3').bases).toEqual([commit('e')]);
  });
  test('s ends the run where another task said that everything ends with it', () => {
    const tasks = [task('T1'), task('T2', { after: { T1: 'fail_fast' } })];
    const first = story([goalOf(tasks)], ok('T1', 'b'), ok('T2', 'c'), builder, conflicts('T1'));
    const asked = story(first, ok('T1', 'd'), ok('T2', 'e'), builder, conflicts('T1'));
    const reason = 'it does not merge, and a person chose to do without it';
    const ended = `everything ends, because T1 was skipped: ${reason}`;
    given(...asked)
      .when(answer('s'))
      .thenEvents(
        closed(1, 'answered', 's'),
        skippedTask('T1', reason),
        skippedTask('T2', ended),
        failedRun(`0 of 2 tasks completed; T1 was skipped: ${reason}; T2 was skipped: ${ended}`),
      );
  });
  test('s of the only one leaves nothing', () => {
    const first = story([goalOf([task('T1')])], ok('T1', 'b'), builder, conflicts('T1'));
    const asked = story(first, ok('T1', 'c'), builder, conflicts('T1'));
    const reason = 'it does not merge, and a person chose to do without it';
    given(...asked)
      .when({ type: 'skip' })
      .thenEvents(
        closed(1, 'answered', 's'),
        skippedTask('T1', reason),
        failedRun(`0 of 1 tasks completed; T1 was skipped: ${reason}`),
      );
  });
  test('a ends the run, with what was merged', () =>
    given(...stuck)
      .when(answer('a', 'not worth it'))
      .thenEvents(closed(1, 'answered', 'a', 'not worth it'), aborted('not worth it')));
});

describe('another failure while tasks are merged', () => {
  const fails = (category: Parameters<typeof failureOf>[0]) => {
    const { lease, seq } = mark(live(merging));
    return report(lease, seq, { ...doesNotMerge('T2'), failure: failureOf(category) });
  };
  const blocked: Facts = story(merging, (run) => [
    { ...conflictOf(run, 'T2'), data: { ...conflictOf(run, 'T2').data, category: 'blocker' } },
  ]);

  test('does no task again', () => {
    const facts = story(merging, (run) => reported(mark(run).lease, 2, agentFailed(failureOf('design_flaw'))));
    expect(statuses(facts)).toBe('T1 completed, T2 completed');
    expect(openInteraction(live(facts))?.options.map(({ key }) => key)).toEqual(['r', 'a']);
  });
  test('of a task, that only a person can clear away, asks one: r merges again, s does without the task', () => {
    given(...blocked)
      .when(answer('r'))
      .thenEvents(closed(1, 'answered', 'r'), dispatched({ attempt: 2, reason: 'retry' }));
    given(...blocked)
      .when(answer('s'))
      .thenEvents(
        closed(1, 'answered', 's'),
        skippedTask('T2', 'it does not merge, and a person chose to do without it'),
        dispatched({ attempt: 2, reason: 'skipped_step' }),
      );
  });
  test('that is critical halts the run at once', () =>
    given(...merging)
      .when(fails('critical'))
      .thenEvents(
        {
          ...conflictOf(live(merging), 'T2'),
          data: { ...conflictOf(live(merging), 'T2').data, ...failureOf('critical') },
        },
        recovered('halt', 'nothing may go on after this'),
        halted('it broke'),
      ));
});
