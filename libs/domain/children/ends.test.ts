import { describe, expect, test } from 'vitest';
import {
  aborted,
  accepted,
  agentFailed,
  collected,
  commit,
  completed,
  dispatched,
  done,
  failureOf,
  paused,
  prepared,
  report,
  reported,
  saved,
} from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import { fact } from '../context.ts';
import {
  builder,
  endedTask,
  endOfTask,
  ends,
  failedRun,
  goalOf,
  live,
  mark,
  merged,
  runOf,
  statuses,
  story,
  task,
} from './children.testing.ts';

const two: Facts = [goalOf([task('T1'), task('T2')])];
const ok = (id: string, digit: string) => ends(id, { digit });
const bothDone = story(two, ok('T1', 'b'), ok('T2', 'c'));
const merging = story(bothDone, builder);

describe('the end of a task', () => {
  test('is a fact of its parent, with what it built on and what it brings', () =>
    given(...two)
      .when(endOfTask(two, 'T1', { digit: 'b' }))
      .thenEvents(endedTask(two, 'T1', { digit: 'b' })));
  test('that is told twice is already so', () =>
    given(...story(two, ok('T1', 'b')))
      .when(endOfTask(two, 'T1', { digit: 'b' }))
      .thenNothing());
  test('of a run that the parent does not know changes nothing', () =>
    given(...two)
      .when({ ...endOfTask(two, 'T1', { digit: 'b' }), child: 'orch_20260202_143000_000000000001' })
      .thenNothing());
  test('of a run that does another task changes nothing', () =>
    given(...two)
      .when({ ...endOfTask(two, 'T1', { digit: 'b' }), task: 'T2' })
      .thenNothing());
  test('that comes after the end of the parent changes nothing', () => {
    const facts = story(two, () => [aborted()]);
    given(...facts)
      .when(endOfTask(two, 'T1', { digit: 'b' }))
      .thenNothing();
  });
  test('counts also while the parent is paused', () => {
    const facts = [...two, paused()];
    given(...facts)
      .when(endOfTask(facts, 'T1', { digit: 'b' }))
      .thenEvents(endedTask(facts, 'T1', { digit: 'b' }));
  });
});

describe('when all tasks have ended', () => {
  test('the builder is ordered, to bring their work together', () => {
    const facts = story(two, ends('T1'));
    given(...facts)
      .when(endOfTask(facts, 'T2', { digit: 'b' }))
      .thenEvents(endedTask(facts, 'T2', { digit: 'b' }), dispatched());
  });
  test('not before', () =>
    expect(given(...story(two, ok('T1', 'b'))).history.map(({ type }) => type)).not.toContain('agent.dispatched'));
  test('without a completed one among them, the run fails and says what became of each', () => {
    const facts = story(two, ends('T1', { reason: 'the tests are red' }));
    given(...facts)
      .when(endOfTask(facts, 'T2', { outcome: 'halted', reason: 'a secret in the diff' }))
      .thenEvents(
        endedTask(facts, 'T2', { outcome: 'halted', reason: 'a secret in the diff' }),
        failedRun('0 of 2 tasks completed; T1 failed: the tests are red; T2 was halted: a secret in the diff'),
      );
  });
});

describe('the work of a task is in the tree', () => {
  const merge = (facts: Facts, id: string, child: string, digit = 'd') =>
    report(mark(live(facts)).lease, 1, { fact: 'branch.merged', data: { task: id, child, commit: commit(digit) } });

  test('once the builder says so', () =>
    given(...merging)
      .when(merge(merging, 'T1', runOf(live(merging), 'T1')))
      .thenEvents(story(merging, merged('T1', 'd')).at(-1) ?? []));
  test.each([
    ['of a run that is not one of the tasks', 'T1', 'orch_20260202_143000_000000000001'],
    ['of a run of another task', 'T1', runOf(live(merging), 'T2')],
  ])('not %s', (_what, id, child) =>
    given(...merging)
      .when(merge(merging, id, child))
      .thenRejects('rule.task.unknown'),
  );
  test('not of a task that failed', () => {
    const facts = story(two, ends('T1'), ok('T2', 'c'), builder);
    given(...facts)
      .when(merge(facts, 'T1', runOf(live(facts), 'T1')))
      .thenRejects('rule.task.unknown');
  });
  test('before the builder may say that it is done', () => {
    const some = story(merging, merged('T1', 'd'));
    const { lease, seq } = mark(live(some));
    given(...some)
      .when(report(lease, seq, done()))
      .thenRejects('rule.agent.unverified');
    expect(() => {
      given(...some)
        .when(report(lease, seq, done()))
        .thenNothing();
    }).toThrow(/T2 is not merged/);
  });
  test('of one that changed nothing is nothing to merge', () => {
    const facts = story(two, ends('T1', { outcome: 'completed' }), ok('T2', 'c'), builder, merged('T2', 'd'));
    const { lease, seq } = mark(live(facts));
    given(...facts)
      .when(report(lease, seq, done()))
      .thenEvents(
        reported(lease, seq, done()),
        saved({
          checkpoint: `cp_${Date.parse(NOW)}`,
          name: 'builder_complete',
          afterAgent: 'builder',
          commit: commit('d'),
        }),
        completed(commit('d')),
      );
  });
});

describe('the run is done', () => {
  const allMerged = story(
    merging,
    (run) => reported(mark(run).lease, 1, prepared),
    merged('T1', 'd'),
    merged('T2', 'e'),
  );
  const finish = (facts: Facts) => given(...facts).when(report(mark(live(facts)).lease, mark(live(facts)).seq, done()));
  const checkpoint = (digit: string) =>
    saved({
      checkpoint: `cp_${Date.parse(NOW)}`,
      name: 'builder_complete',
      afterAgent: 'builder',
      commit: commit(digit),
    });
  const word = (facts: Facts) => reported(mark(live(facts)).lease, mark(live(facts)).seq, done());

  test('with the merged tree, when all tasks completed', () =>
    finish(allMerged).thenEvents(word(allMerged), checkpoint('e'), completed(commit('e'))));
  test('without all of it, when some were lost: it fails, and the branch holds the others', () => {
    const facts = story(
      [goalOf([task('T1'), task('T2'), task('T3', { after: ['T2'] })])],
      ends('T2', { reason: 'no' }),
      ok('T1', 'b'),
      builder,
      merged('T1', 'd'),
    );
    finish(facts).thenEvents(
      word(facts),
      checkpoint('d'),
      failedRun('1 of 3 tasks completed; T2 failed: no; T3 was skipped: T2 failed: no'),
    );
  });
  test('not while something that a task had to fulfil does not hold on the merged tree', () =>
    finish(
      story(
        allMerged,
        (run) => reported(mark(run).lease, mark(run).seq, accepted('passed', 'T1 AC-1')),
        (run) => reported(mark(run).lease, mark(run).seq, accepted('failed')),
      ),
    ).thenRejects('rule.agent.unverified'));
  test('not before the checks that came with the goal passed on the merged tree', () => {
    const facts = story([goalOf([task('T1')], { checks: ['npm test'] })], ok('T1', 'b'), builder, merged('T1', 'd'));
    finish(facts).thenRejects('rule.agent.unverified');
  });
  test('what the builder corrects after the merges is the work of the run', () =>
    expect(
      live(story(allMerged, (run) => reported(mark(run).lease, mark(run).seq, collected(commit('f'))))).commit,
    ).toBe(commit('f')));
});

describe('an abort', () => {
  const abort = { type: 'abort', reason: 'not now' } as const;
  const requested = fact('abort.requested', { reason: 'not now' });

  test('is asked of the tasks first', () =>
    given(...two)
      .when(abort)
      .thenEvents(requested));
  test('is asked for once', () =>
    given(...two, requested)
      .when(abort)
      .thenNothing());
  test('comes with the end of the last task, whatever that came to', () => {
    const facts = story([...two, requested], ends('T1', { outcome: 'aborted' }));
    given(...facts)
      .when(endOfTask(facts, 'T2', { digit: 'b' }))
      .thenEvents(endedTask(facts, 'T2', { digit: 'b' }), aborted('not now'));
  });
  test('begins no other task and asks nobody anything, meanwhile', () => {
    const facts = [goalOf(['T1', 'T2', 'T3', 'T4'].map((id) => task(id))), requested];
    given(...facts)
      .when(endOfTask(facts, 'T1', { digit: 'b' }))
      .thenEvents(endedTask(facts, 'T1', { digit: 'b' }));
    expect(statuses(facts)).toContain('T4 pending');
  });
  test('is immediate where no task runs', () =>
    given(...merging)
      .when(abort)
      .thenEvents(aborted('not now')));
  test('is immediate where the builder had to give up, and withdraws its question', () => {
    const facts = story(merging, (run) => reported(mark(run).lease, 1, agentFailed(failureOf('blocker'))));
    given(...facts)
      .when(abort)
      .thenEvents(
        fact('interaction.closed', {
          interaction: 'int_1',
          outcome: 'withdrawn',
          answer: null,
          note: null,
          assumed: false,
        }),
        aborted('not now'),
      );
  });
});
