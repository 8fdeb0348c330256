import { describe, expect, test } from 'vitest';
import {
  aborted,
  commit,
  continued,
  dispatched,
  done,
  paused,
  planOf,
  prepared,
  reported,
  saved,
  wentBack,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given } from '../../../test/support/spec.ts';
import {
  begun,
  builder,
  childOf,
  conflicts,
  ends,
  goalOf,
  live as liveAt,
  mark,
  merged,
  runOf,
  skippedTask,
  statuses,
  story,
  task,
} from '../children/children.testing.ts';
import { toMerge } from '../children/merge-order.ts';
import { countsOn } from '../children/tend-children.ts';
import type { CommandOf } from '../command.ts';
import { fact } from '../context.ts';
import { conclude } from '../decide.ts';
import { fold } from '../evolve.ts';
import { currentInvocation, type Live } from '../run.ts';
import { react } from '../wishes.ts';

const FROM = 'orch_20260101_000000_000000000001';
const NEW = 'orch_20260301_120000_00000000000f';

const fork = (changes: CommandOf<'fork'>['changes'] = {}): CommandOf<'fork'> => ({
  type: 'fork',
  from: FROM,
  version: 1,
  headHash: 'h',
  checkpoint: null,
  changes,
});
const forkedFact = fact('orchestration.forked', {
  from: FROM,
  version: 1,
  headHash: 'h',
  checkpoint: null,
  changes: {},
});

const forked = (facts: Facts, changes: CommandOf<'fork'>['changes'] = {}): Live => {
  const { after } = conclude(given(...facts).state, fork(changes), contextOf({ stream: NEW }));
  if (after.lifecycle !== 'live') throw new Error(`the fork is ${after.lifecycle}`);
  return after;
};
const of = ({ children }: Live): string => children.map(({ task: { id }, status }) => `${id} ${status}`).join(', ');

const ok = (id: string, digit: string) => ends(id, { digit });
const here = saved({ checkpoint: 'cp_1', name: 'here' });
/** Goes back to the checkpoint `here`. */
const back = (facts: Facts) => {
  const version = given(...facts).history.find(({ type }) => type === 'checkpoint.saved')?.version ?? 0;
  return wentBack('cp_1', version);
};

const three: Facts = [goalOf([task('T1'), task('T2'), task('T3', { after: ['T1'] })], { checks: [] })];
/** The whole is done but for T2, which failed. */
const failed = story(
  three,
  ends('T2', { reason: 'the tests are red' }),
  ok('T1', 'b'),
  ok('T3', 'c'),
  builder,
  (run) => reported(mark(run).lease, 1, prepared),
  merged('T1', 'd'),
  merged('T3', 'e'),
  (run) => reported(mark(run).lease, mark(run).seq, done()),
);

describe('a fork of a run of tasks', () => {
  test('does for itself what was running there, in the order given, and leaves the other run its own', () => {
    const facts = story(three, ok('T1', 'b'));
    const run = forked(facts);
    expect(of(run)).toBe('T1 completed, T2 running, T3 running');
    for (const id of ['T2', 'T3']) expect(runOf(run, id)).not.toBe(runOf(liveAt(facts), id));
    expect(countsOn(run, runOf(liveAt(facts), 'T2'))).toBe(false);
    expect(childOf(run, 'T3').bases).toEqual([commit('b')]);
  });
  test('keeps what was done there, and asks for none of its commits later', () => {
    const run = forked(story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder, merged('T1', 'e')));
    expect(toMerge(run).map(({ commit: at }) => at?.charAt(0))).toEqual(['c', 'd']);
    expect(run.commit).toBe(commit('e'));
    expect(run.forkedFrom?.commits).toEqual(expect.arrayContaining(['b', 'c', 'd', 'e'].map(commit)));
  });
  test('keeps the commits of tasks that only a checkpoint knows', () => {
    const facts = story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder, merged('T1', 'e'));
    const redone = story([...facts, here], conflicts('T2'), ok('T2', 'f'));
    expect(forked(redone).forkedFrom?.commits).toContain(commit('c'));
  });
  test('may go back to the checkpoints of the other run, and does for itself what ran there then', () => {
    const run = forked(story([...three, here], ok('T1', 'b')));
    const { after } = conclude(run, { type: 'rewind', checkpoint: 'cp_1' }, contextOf({ stream: NEW }));
    if (after.lifecycle !== 'live') throw new Error('expected a live run');
    expect(of(after)).toBe('T1 running, T2 running, T3 pending');
    for (const id of ['T1', 'T2']) expect(runOf(after, id)).not.toBe(runOf(liveAt(three), id));
  });
  test('of a run that is to end goes on', () =>
    expect(forked([...three, fact('abort.requested', { reason: null })])).toMatchObject({ aborting: null }));
  test('is told of no backlog, and is no task', () => {
    const run = forked([goalOf([task('T1')], { backlog: 'backlog_0123456789ab' })]);
    expect(run.submission).toMatchObject({ backlog: null, parent: null });
    expect(react(run).map((wish) => wish.do)).not.toContain('backlog');
  });
  test('takes no other plan: each task has one of its own', () =>
    given(...three)
      .when(fork({ plan: planOf(1) }))
      .thenRejects('rule.fork.plan'));
  test('has its tasks done by another engine, under other labels', () => {
    const run = forked(three, { engine: 'other', labels: { try: '2' } });
    expect(run.submission).toMatchObject({ engine: 'other', labels: { try: '2' } });
  });
});

describe('what a failed run of tasks goes on with', () => {
  test('a fork tries the tasks that were lost again, on what is merged, and the others stay done', () => {
    expect(given(...failed).state.lifecycle).toBe('ended');
    given(...failed)
      .when(fork())
      .thenEvents(forkedFact, begun(failed, 2, 'T2', { try: 2, bases: [commit('e')] }));
    expect(of(forked(failed))).toBe('T1 completed, T2 running, T3 completed');
    expect(currentInvocation(forked(failed))).toMatchObject({ role: 'builder', status: 'pending' });
  });
  test('and so does going back to its last checkpoint', () => {
    const { history, when } = given(...failed);
    const last = history.findLast(({ type }) => type === 'checkpoint.saved');
    const { id = '' } = last?.type === 'checkpoint.saved' ? { id: last.data.checkpoint } : {};
    when({ type: 'resume', checkpoint: null }).thenEvents(
      wentBack(id, last?.version ?? 0),
      begun(failed, 2, 'T2', { try: 2, bases: [commit('e')] }),
    );
  });
  test('also where no task completed', () => {
    const facts = story([goalOf([task('T1'), task('T2', { after: ['T1'] })])], ends('T1'));
    expect(of(forked(facts))).toBe('T1 running, T2 pending');
  });
  test('a fork from before others were given up with a lost task tries that one again', () => {
    const facts = story([goalOf([task('T1'), task('T2', { after: ['T1'] })])], ends('T1'));
    const { history } = given(...facts);
    const lostAt = history.findIndex(({ type }) => type === 'child.ended') + 1;
    expect(history[lostAt]?.type).toBe('child.skipped');
    const { after } = conclude(fold(history.slice(0, lostAt)), fork(), contextOf({ stream: NEW }));
    expect(after.lifecycle === 'live' && of(after)).toBe('T1 running, T2 pending');
  });
  test('a fork from when others still ran tries again what everything ends with', () => {
    const facts = [goalOf([task('T1'), task('T2'), task('T3', { after: { T1: 'fail_fast' } })])];
    expect(of(forked(story(facts, ends('T1'))))).toBe('T1 running, T2 running, T3 pending');
  });
  test('also where one failed with which everything ends', () => {
    const facts = [goalOf([task('T1'), task('T2'), task('T3', { after: { T1: 'fail_fast' } })])];
    expect(of(forked(story(facts, ok('T2', 'b'), ends('T1'))))).toBe('T1 running, T2 completed, T3 pending');
  });
  test('a run that has something to go on with leaves lost what is lost', () => {
    const merging = story(three, ends('T2'), ok('T1', 'b'), ok('T3', 'c'), builder);
    expect(of(forked(merging))).toBe('T1 completed, T2 failed, T3 completed');
    const without = story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder, () => [skippedTask('T2', 'no')]);
    expect(of(forked(without))).toBe('T1 completed, T2 skipped, T3 completed');
  });
  test('a run that completed is looked at again, and no task is done again', () => {
    const facts = story([goalOf([task('T1')])], ok('T1', 'b'), builder, merged('T1', 'c'), (run) =>
      reported(mark(run).lease, mark(run).seq, done()),
    );
    given(...facts)
      .when(fork())
      .thenEvents(forkedFact, dispatched({ attempt: 2, reason: 'forked' }));
    expect(of(forked(facts))).toBe('T1 completed');
  });
});

describe('going back in a run of tasks', () => {
  test('a task that began since goes on as its own run', () => {
    const facts: Facts = [goalOf([task('T1'), task('T2', { after: ['T1'] })]), here];
    const since = story(facts, ok('T1', 'b'));
    const went = [...since, back(since)];
    expect(statuses(went)).toBe('T1 running, T2 running');
    expect(runOf(liveAt(went), 'T2')).toBe(runOf(liveAt(since), 'T2'));
  });
  test('one that was running then is asked again how it ended, where it was completed', () => {
    const facts = story([...three, here], ok('T1', 'b'));
    const went = [...facts, back(facts)];
    expect(statuses(went)).toBe('T1 running, T2 running, T3 running');
    expect(runOf(liveAt(went), 'T1')).toBe(runOf(liveAt(facts), 'T1'));
    expect(statuses(story(went, ok('T1', 'b')))).toBe('T1 completed, T2 running, T3 running');
  });
  test('one that was running then, and was lost since, is done again by another run', () => {
    const facts = story([...three, here], ends('T1', { reason: 'no' }));
    const went = [...facts, back(facts)];
    expect(statuses(facts)).toBe('T1 failed, T2 running, T3 skipped');
    expect(statuses(went)).toBe('T1 running, T2 running, T3 pending');
    expect(childOf(liveAt(went), 'T1')).toMatchObject({ try: 2, reason: null });
    expect(runOf(liveAt(went), 'T1')).not.toBe(runOf(liveAt(three), 'T1'));
  });
  test('whatever runs on work that is done again begins again', () => {
    const tasks = [task('T1'), task('T2', { after: ['T1'] }), task('T3', { after: ['T2'] })];
    const facts: Facts = [goalOf(tasks), paused(), here];
    const since = story(facts, ok('T1', 'b'), () => [continued()], ok('T2', 'c'));
    expect(statuses(since)).toBe('T1 completed, T2 completed, T3 running');
    const went = [...since, back(since)];
    expect(statuses(went)).toBe('T1 running, T2 pending, T3 pending');
    const again = story(went, ok('T1', 'b'), ok('T2', 'd'));
    expect(childOf(liveAt(again), 'T3')).toMatchObject({ status: 'running', try: 2, bases: [commit('d')] });
  });
  test('after an abort, its tasks are done again', () => {
    const facts = story(
      [...three, here, fact('abort.requested', { reason: null })],
      ends('T1', { outcome: 'aborted' }),
      ends('T2', { outcome: 'aborted' }),
    );
    expect(given(...facts).state).toMatchObject({ outcome: { kind: 'aborted' } });
    expect(statuses([...facts, back(facts)])).toBe('T1 running, T2 running, T3 pending');
  });
  test('one that is to be done again gets another run, and another number of its try', () => {
    const merging = story(three, ok('T1', 'b'), ok('T2', 'c'), ok('T3', 'd'), builder, merged('T1', 'e'));
    const redone = story(merging, conflicts('T2'), () => [here], ok('T2', 'f'));
    const went = [...redone, back(redone)];
    expect(childOf(liveAt(went), 'T2')).toMatchObject({ status: 'running', try: 2 });
    const earlier = story([...merging, here], conflicts('T2'));
    const before = [...earlier, back(earlier)];
    expect(statuses(before)).toBe('T1 completed, T2 completed, T3 completed');
    expect(countsOn(liveAt(before), runOf(liveAt(earlier), 'T2'))).toBe(false);
    expect(childOf(liveAt(story(before, builder, conflicts('T2'))), 'T2')).toMatchObject({ try: 2 });
  });
  test('before its tasks were known, they are named anew, and the runs of before work for nobody', () => {
    const facts: Facts = [goalOf([task('T1')], { mode: 'explicit' }), here];
    const begunThen = [
      ...facts,
      fact('interaction.closed', {
        interaction: 'int_1',
        outcome: 'answered',
        answer: 'y',
        note: null,
        assumed: false,
      }),
    ];
    const went = [...begunThen, back(begunThen)];
    expect(statuses(went)).toBe('');
    expect(countsOn(liveAt(went), runOf(liveAt(begunThen), 'T1'))).toBe(false);
  });
  test('an abort that was asked for is off, and so is a pause', () => {
    const facts = story([...three, here], () => [fact('abort.requested', { reason: null })]);
    expect(liveAt([...facts, back(facts)])).toMatchObject({ aborting: null, paused: null });
    expect(given(...facts, back(facts), aborted()).state.lifecycle).toBe('ended');
  });
});
