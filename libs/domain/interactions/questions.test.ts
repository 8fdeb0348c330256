import { describe, expect, test } from 'vitest';
import {
  aborted,
  closed,
  dispatched,
  paused,
  report,
  reported,
  started,
  workerOf,
} from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import { openInteractions } from '../run.ts';
import { askedAs, asks, assumed, attended, limits } from './interactions.testing.ts';
import { nextRound } from './rounds.ts';

const planning = [attended(), started(3)] as const;
/** Two questions of round 1 are open. */
const asking = [...planning, ...reported(4, 1, ...asks(['q1', 'q2']))] as const;
const again = dispatched({ role: 'planner', reason: 'answered' });

const answer = (text: string, interaction: string | null) =>
  ({ type: 'answer', interaction, answer: text, note: null }) as const;
const timeOut = { type: 'time_out' } as const;
const later = (ms: number) => ({ now: new Date(Date.parse(NOW) + ms).toISOString() });

const runOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return state;
};
const openIn = (...facts: Facts) => openInteractions(runOf(...facts)).map(({ id }) => id);

describe('a planner asks', () => {
  const deadline = '2026-02-02T15:01:00.000Z';
  const [raised, letGo] = reported(4, 1, ...asks(['q1', 'q2']));

  test('all questions of a round at once, each open on its own until the deadline', () =>
    given(...planning)
      .when(report(4, 1, ...asks(['q1', 'q2'])))
      .thenEvents(raised ?? [], askedAs(1, 'q1', { deadline }), askedAs(2, 'q2', { deadline }), letGo ?? []));
  test('and no process waits: a job that comes early begins nothing', () =>
    given(...asking)
      .when({ type: 'start', dispatch: 3, worker: workerOf('w2') })
      .thenNothing());
  test('nothing that came with the goal as an answer', () => {
    const told = [attended({ answers: { q1: 'yes' } }), started(3)] as const;
    given(...told)
      .when(report(4, 1, ...asks(['q1', 'q2'])))
      .thenEvents(raised ?? [], askedAs(1, 'q2', { deadline }), letGo ?? []);
    expect(runOf(...told, ...reported(4, 1, ...asks(['q1', 'q2']))).answers).toEqual([
      { id: 'q1', question: 'q1?', response: 'yes', round: 1, assumed: false },
    ]);
  });
  test('and goes on at once where every answer came with the goal', () =>
    given(attended({ answers: { q1: 'yes', q2: 'no' } }), started(3))
      .when(report(4, 1, ...asks(['q1', 'q2'])))
      .thenEvents(raised ?? [], letGo ?? [], again));
});

describe('where nobody is asked, the defaults are assumed at once', () => {
  const deadline = NOW;
  const [raised, letGo] = reported(4, 1, ...asks(['q1', 'q2']));
  const taken = [askedAs(1, 'q1', { deadline }), assumed(1, 'q1'), askedAs(2, 'q2', { deadline }), assumed(2, 'q2')];

  test('because nobody is there', () =>
    given(attended({ attended: false }), started(3))
      .when(report(4, 1, ...asks(['q1', 'q2'])))
      .thenEvents(raised ?? [], taken, letGo ?? [], again));
  test('because the planner is ready', () => {
    const ready = asks(['q1', 'q2'], { readiness: 0.7 });
    given(...planning)
      .when(report(4, 1, ...ready))
      .thenEvents(
        reported(4, 1, ready[0] ?? { fact: 'lease.released', data: { reason: 'asked' } }),
        taken,
        letGo ?? [],
        again,
      );
  });
  test('because a run of before there were questions has no round of them', () =>
    given(attended({ policy: { ...limits, questionRounds: 0 } }), started(3))
      .when(report(4, 1, ...asks(['q1', 'q2'])))
      .thenEvents(raised ?? [], taken, letGo ?? [], again));
  test('and a planner that keeps its lease goes on with it', () =>
    given(attended({ attended: false }), started(3))
      .when(report(4, 1, ...asks(['q1', 'q2']).slice(0, 1)))
      .thenEvents(raised ?? [], taken));
});

describe('an answer to a question', () => {
  test('may be any text, as it was written', () =>
    given(...asking)
      .when(answer('  PostgreSQL 16 ', 'int_1'))
      .thenEvents(closed(1, 'answered', 'PostgreSQL 16')));
  test('may come in any order, and the last one orders the planner again', () => {
    expect(openIn(...asking, closed(2, 'answered', 'b'))).toEqual(['int_1']);
    given(...asking, closed(2, 'answered', 'b'))
      .when(answer('a', 'int_1'))
      .thenEvents(closed(1, 'answered', 'a'), again);
  });
  test('needs no name where one is open, and is refused where several are, with their names', () => {
    given(...asking)
      .when(answer('a', null))
      .thenRejects('rule.interaction.ambiguous');
    given(...asking, closed(1, 'answered', 'a'))
      .when(answer('b', null))
      .thenEvents(closed(2, 'answered', 'b'), again);
  });
  test('has to say something', () =>
    given(...asking)
      .when(answer('  ', 'int_1'))
      .thenRejects('rule.interaction.not_an_option'));
  test('that is given twice is already so; another one comes too late', () => {
    given(...asking, closed(1, 'answered', 'a'))
      .when(answer('a', 'int_1'))
      .thenNothing();
    given(...asking, closed(1, 'answered', 'a'))
      .when(answer('b', 'int_1'))
      .thenRejects('rule.interaction.closed');
  });
  test('is kept with its question and round, and no question is put again', () => {
    const answered = [...asking, closed(1, 'answered', 'a'), closed(2, 'answered', 'b'), started(11, 'w2')] as const;
    expect(runOf(...answered).answers).toEqual([
      { id: 'q1', question: 'q1?', response: 'a', round: 1, assumed: false },
      { id: 'q2', question: 'q2?', response: 'b', round: 1, assumed: false },
    ]);
    expect(openIn(...answered, ...reported(12, 1, ...asks(['q1', 'q3'], { round: 2 })))).toEqual(['int_3']);
  });
  test('while the run is paused counts, and the planner goes on when the run does', () => {
    const last = [...asking, closed(1, 'answered', 'a'), paused()] as const;
    given(...last)
      .when(answer('b', 'int_2'))
      .thenEvents(closed(2, 'answered', 'b'));
    expect(given(...last, closed(2, 'answered', 'b')).history.at(-1)).toMatchObject({ type: 'interaction.closed' });
  });
  test('that it is enough takes the defaults of the rest, and ends the rounds', () => {
    given(...asking)
      .when(answer('enough', 'int_2'))
      .thenEvents(closed(2, 'answered', 'enough'), assumed(1, 'q1', 'withdrawn'), again);
    const { answers, ...run } = runOf(...asking, closed(2, 'answered', 'enough'));
    expect(answers.map(({ id, response, assumed: taken }) => [id, response, taken])).toEqual([
      ['q2', 'default of q2', true],
      ['q1', 'default of q1', true],
    ]);
    expect(nextRound({ ...run, answers })).toBeNull();
  });
});

describe('rounds', () => {
  const roundOf = (...facts: Facts) => nextRound(runOf(...facts));
  const answered = (round: number) => ({
    ...runOf(...planning),
    answers: [{ id: 'q', question: 'q?', response: 'a', round, assumed: false }],
  });

  test('begin with scope and success, and each has its own focus', () => {
    expect(roundOf(...planning)).toEqual({ number: 1, focus: 'scope and success' });
    expect([1, 2, 3, 4].map((round) => nextRound(answered(round))?.focus)).toEqual([
      'technical constraints',
      'adversarial edge cases',
      'quality',
      'what is still open',
    ]);
  });
  test('are at most five, or as many as the policy says', () => {
    expect(nextRound(answered(5))).toBeNull();
    expect(roundOf(attended({ policy: { ...limits, questionRounds: 0 } }))).toBeNull();
  });
});

describe('when nobody answers in time', () => {
  test('every question that is due takes its default, and the planner goes on', () =>
    given(...asking)
      .when(timeOut)
      .thenEvents(assumed(1, 'q1'), assumed(2, 'q2'), again));
  test('a question that was answered keeps its answer', () =>
    given(...asking, closed(1, 'answered', 'a'))
      .when(timeOut)
      .thenEvents(assumed(2, 'q2'), again));
  test('nothing happens before the deadline', () =>
    given(attended(), started(3), ...reported(4, 1, ...asks(['q1'])))
      .when(timeOut, { now: '2026-02-02T14:31:56.999Z' })
      .thenNothing());
  test('an answer after it finds the question closed', () =>
    given(...asking, assumed(1, 'q1'))
      .when(answer('a', 'int_1'), later(0))
      .thenRejects('rule.interaction.closed'));
  test('there is no deadline where the policy has none', () =>
    given(attended({ policy: { ...limits, questionMs: 0 } }), started(3), ...reported(4, 1, ...asks(['q1'])))
      .when(timeOut, later(1e12))
      .thenNothing());
  test('a run that has ended has no deadline any more', () =>
    given(...asking, closed(1, 'withdrawn'), closed(2, 'withdrawn'), aborted())
      .when(timeOut)
      .thenNothing());
});

test('an abort withdraws every question', () =>
  given(...asking)
    .when({ type: 'abort', reason: 'no' })
    .thenEvents(closed(1, 'withdrawn'), closed(2, 'withdrawn'), aborted('no')));
