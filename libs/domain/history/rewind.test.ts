import { describe, expect, test } from 'vitest';
import {
  aborted,
  agentFailed,
  applied,
  closed,
  commit,
  completed,
  discarded,
  dispatched,
  failureOf,
  paused,
  planOf,
  prepared,
  report,
  reported,
  saved,
  started,
  stepDone,
  stepStarted,
  submitted,
  submittedWithPlan,
  wentBack,
} from '../../../test/support/facts.ts';
import { type Facts, given, recordedOf } from '../../../test/support/spec.ts';
import { evolve, fold } from '../evolve.ts';
import { currentInvocation, type Live, type State } from '../run.ts';
import { react } from '../wishes.ts';

const rewind = (checkpoint: string | null = null) => ({ type: 'rewind', checkpoint }) as const;
const resume = (checkpoint: string | null = null) => ({ type: 'resume', checkpoint }) as const;

/** Lease 4 of a builder with four steps; each step is verified in a commit of its own. */
const build = (...steps: readonly (readonly [step: string, digit: string])[]): Facts => [
  submittedWithPlan(planOf(4)),
  started(3),
  ...reported(4, 1, prepared),
  ...steps.flatMap(([step, digit], index) => [
    ...reported(4, 2 + 2 * index, stepStarted(step)),
    ...reported(4, 3 + 2 * index, stepDone(step, commit(digit))),
  ]),
];

const early = saved({ checkpoint: 'cp_1', name: 'early', commit: commit('b') });
const late = saved({ checkpoint: 'cp_2', name: 'late', commit: commit('c') });
/** One step, a checkpoint; another step, a checkpoint. */
const twoCheckpoints: Facts = [
  ...build(['step_1', 'b']),
  early,
  ...reported(4, 4, stepStarted('step_2')),
  ...reported(4, 5, stepDone('step_2', commit('c'))),
  late,
];
const blocked = reported(4, 6, agentFailed(failureOf('blocker', { unblock: 'configure one' })));

/** Of the checkpoint `early` in the history that these facts make. */
const versionOf = (facts: Facts, name: string): number =>
  given(...facts).history.find((event) => event.type === 'checkpoint.saved' && event.data.name === name)?.version ?? 0;

const back = (facts: Facts, name = 'early', id = 'cp_1') => wentBack(id, versionOf(facts, name));

const live = (state: State): Live => {
  if (state.lifecycle !== 'live') throw new Error(`it is ${state.lifecycle}`);
  return state;
};

describe('going back to a checkpoint', () => {
  test('is a fact, and the one whose turn it was then is ordered anew', () =>
    given(...twoCheckpoints)
      .when(rewind('cp_1'))
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 2, reason: 'rewound' })));
  test('a checkpoint may be named, and without a name it is the latest', () => {
    given(...twoCheckpoints)
      .when(rewind('early'))
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 2, reason: 'rewound' }));
    given(...twoCheckpoints)
      .when(rewind())
      .thenEvents(back(twoCheckpoints, 'late', 'cp_2'), dispatched({ attempt: 2, reason: 'rewound' }));
  });
  test('work, plan, steps and commit are those of then', () => {
    const then = given(...build(['step_1', 'b']), early).state;
    const { commit: head, steps, plan, gates, workspace } = live(then);
    const now = live(given(...twoCheckpoints, back(twoCheckpoints)).state);
    expect(now).toMatchObject({ commit: head, steps, plan, gates, workspace });
    expect(now.commit).toBe(commit('b'));
  });
  test('no checkpoint is lost, and a later one can be gone to afterwards', () => {
    const facts = [...twoCheckpoints, back(twoCheckpoints)];
    const run = live(given(...facts).state);
    expect(run.checkpoints.map(({ id }) => id)).toEqual(['cp_1', 'cp_2']);
    given(...facts)
      .when(rewind('cp_2'))
      .thenEvents(back(twoCheckpoints, 'late', 'cp_2'), dispatched({ attempt: 3, reason: 'rewound' }));
    expect(live(given(...facts, back(twoCheckpoints, 'late', 'cp_2')).state)).toMatchObject({
      commit: commit('c'),
      steps: [{ status: 'completed' }, { status: 'completed' }, { status: 'pending' }, { status: 'pending' }],
    });
  });
  test('failures, handoffs and the numbers of attempts are kept', () => {
    const run = live(given(...twoCheckpoints, ...blocked, closed(1, 'superseded'), back(twoCheckpoints)).state);
    expect(run.failures).toHaveLength(1);
    expect(run.interactions).toHaveLength(1);
    expect(currentInvocation(run)).toMatchObject({ attempt: 2, lease: null, status: 'active' });
  });
  test('a question that is open has no more use for an answer', () =>
    given(...twoCheckpoints, ...blocked)
      .when(rewind('cp_1'))
      .thenEvents(closed(1, 'superseded'), back(twoCheckpoints), dispatched({ attempt: 2, reason: 'rewound' })));
  test('what failed before is not decided about again', () => {
    const critical = reported(4, 6, agentFailed(failureOf('critical')));
    const halted = [...twoCheckpoints, ...critical];
    given(...halted)
      .when(rewind('cp_1'))
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 2, reason: 'rewound' }));
  });
  test('the worker of before is not listened to any more', () =>
    given(...twoCheckpoints, back(twoCheckpoints))
      .when(report(4, 6, stepStarted('step_3')))
      .thenNothing());
  test('a run that is paused goes on from there', () =>
    given(...twoCheckpoints, paused())
      .when(rewind('cp_1'))
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 2, reason: 'rewound' })));
  test('given again before anybody began, it changes nothing', () =>
    given(...twoCheckpoints, back(twoCheckpoints))
      .when(rewind('cp_1'))
      .thenNothing());
  test('given again after somebody began, it is done again', () => {
    const facts = [...twoCheckpoints, back(twoCheckpoints)];
    const { history } = given(...facts);
    given(...facts, started(history.length, 'w2'))
      .when(rewind('cp_1'))
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 3, reason: 'rewound' }));
  });
  test('a route that nobody had confirmed then is asked for again', () => {
    const asked = [submitted({ mode: 'explicit' }), saved({ checkpoint: 'cp_1', name: 'before the route' })];
    const facts = [...asked, closed(1, 'answered', 'y')];
    const { state, when } = given(...facts);
    expect(live(state).routeConfirmed).toBe(true);
    const again = when(rewind('cp_1'));
    const [went, question] = live(state) && given(...facts, wentBack('cp_1', 4)).history.slice(-2);
    expect(went?.type).toBe('orchestration.resumed');
    expect(question).toMatchObject({ type: 'interaction.opened', data: { interaction: 'int_2', kind: 'route' } });
    again.thenEvents(
      wentBack('cp_1', 4),
      // The same question, under a number of its own.
      ...(question ? [{ type: question.type, v: question.v, data: question.data } as Facts[number]] : []),
    );
  });
});

describe('going back after an end', () => {
  test.each([
    ['aborted', [...twoCheckpoints, aborted('enough')]],
    ['halted', [...twoCheckpoints, ...reported(4, 6, agentFailed(failureOf('critical')))]],
  ])('a run that was %s lives again', (_how, facts) => {
    given(...facts)
      .when(rewind('late'))
      .thenEvents(back(twoCheckpoints, 'late', 'cp_2'), dispatched({ attempt: 2, reason: 'rewound' }));
    expect(given(...facts, back(twoCheckpoints)).state.lifecycle).toBe('live');
  });
  test('it can end again, in another way', () => {
    const facts = [...twoCheckpoints, aborted('enough'), back(twoCheckpoints), aborted('really')];
    expect(given(...facts).state).toMatchObject({ lifecycle: 'ended', outcome: { reason: 'really' } });
  });
  test('a run that completed stays as it is, and the error says how to try another way', () => {
    const facts = [...twoCheckpoints, completed(commit('c'))];
    given(...facts)
      .when(rewind('cp_1'))
      .thenRejects('rule.orchestration.completed');
  });
  test('a run whose work was discarded has nothing to go back to', () =>
    given(...twoCheckpoints, aborted(), discarded())
      .when(rewind('cp_1'))
      .thenRejects('rule.branch.discarded'));
  test('what was applied before does not count for the next end', () =>
    expect(
      live(given(...twoCheckpoints, aborted(), applied(commit('c')), back(twoCheckpoints)).state).landed,
    ).toBeNull());
  test('a task of another run, which knows of its end, stays ended', () => {
    const parent = { orchestration: 'orch_20260202_143000_000000000001', task: 'T1' };
    const facts = [submittedWithPlan(planOf(1), { parent }), early, aborted()];
    given(...facts)
      .when(rewind('cp_1'))
      .thenRejects('rule.orchestration.child_ended');
  });
});

describe('which checkpoint', () => {
  test('one that is not there is refused, and the error names the ones that are', () => {
    given(...twoCheckpoints)
      .when(rewind('cp_9'))
      .thenRejects('rule.checkpoint.unknown');
    expect(() => {
      given(...twoCheckpoints)
        .when(rewind('cp_9'))
        .thenNothing();
    }).toThrow(/cp_1 \(early\), cp_2 \(late\)/);
  });
  test('a run without any cannot go back', () =>
    given(submittedWithPlan()).when(rewind()).thenRejects('rule.checkpoint.unknown'));
  test('after going back, the latest is the one that it went back to, until there is a newer one', () => {
    const facts = [...twoCheckpoints, back(twoCheckpoints), aborted()];
    given(...facts)
      .when(rewind())
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 3, reason: 'rewound' }));
  });
});

describe('resume', () => {
  test('goes on after a pause, as if there had been none', () =>
    given(...twoCheckpoints, paused())
      .when(resume())
      .thenEvents({ type: 'orchestration.continued', v: 1, data: {} }, dispatched({ reason: 'continued' })));
  test('goes back to the latest checkpoint after a bad end', () =>
    given(...twoCheckpoints, aborted())
      .when(resume())
      .thenEvents(back(twoCheckpoints, 'late', 'cp_2'), dispatched({ attempt: 2, reason: 'rewound' })));
  test('of a run that goes on, the error names the checkpoints', () => {
    given(...twoCheckpoints)
      .when(resume())
      .thenRejects('rule.orchestration.not_paused');
  });
  test('given again before anybody began, it changes nothing', () =>
    given(...twoCheckpoints, aborted(), back(twoCheckpoints, 'late', 'cp_2'))
      .when(resume())
      .thenNothing());
  test('goes back to the checkpoint that is named, whatever the run does', () =>
    given(...twoCheckpoints, paused())
      .when(resume('early'))
      .thenEvents(back(twoCheckpoints), dispatched({ attempt: 2, reason: 'rewound' })));
});

describe('the branch', () => {
  const point = (facts: Facts) => react(given(...facts).state).find((wish) => wish.do === 'point');
  test('follows back, from wherever it may stand', () => {
    expect(point(twoCheckpoints)).toMatchObject({ commit: commit('c') });
    expect(point([...twoCheckpoints, back(twoCheckpoints)])).toMatchObject({
      commit: commit('b'),
      from: expect.arrayContaining([commit('c')]),
    });
  });
  test('follows back from the end of a run too', () => {
    const more = [
      ...reported(4, 6, stepStarted('step_3')),
      ...reported(4, 7, stepDone('step_3', commit('d'))),
      aborted(),
    ];
    expect(point([...twoCheckpoints, ...more])).toMatchObject({ commit: commit('d') });
    expect(point([...twoCheckpoints, ...more, back(twoCheckpoints)])?.from).toContain(commit('d'));
  });
  test('stands at the base again where nothing was verified then', () => {
    const facts: Facts = [
      ...build(),
      saved({ checkpoint: 'cp_0', name: 'start', commit: commit('a') }),
      ...twoCheckpoints.slice(build().length),
    ];
    expect(point([...facts, wentBack('cp_0', versionOf(facts, 'start'))])).toMatchObject({ commit: commit('a') });
  });
});

test('any prefix of a history that goes back folds as the whole does', () => {
  const facts = [...twoCheckpoints, aborted(), back(twoCheckpoints), ...blocked];
  const { history, state } = given(...facts);
  for (let middle = 1; middle < history.length; middle += 1)
    expect(fold(history.slice(middle), fold(history.slice(0, middle)))).toEqual(state);
});

test('a fact about a checkpoint that the history does not have is taken in', () => {
  const { state, history } = given(...twoCheckpoints);
  const after = evolve(state, recordedOf(wentBack('cp_9', 1) as Parameters<typeof recordedOf>[0], history.length + 1));
  expect(live(after).commit).toBe(commit('c'));
});
