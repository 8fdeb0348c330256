import { describe, expect, test } from 'vitest';
import { ProjectMap } from '#contracts';
import {
  aborted,
  accepted,
  collected,
  commit,
  completed,
  done,
  paused,
  planned,
  planOf,
  policy,
  prepared,
  report,
  reported,
  saved,
  started,
  stepDone,
  stepStarted,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import type { ReportItem } from '../command.ts';

const savedIn = (facts: Facts) =>
  given(...facts).history.flatMap((event) => (event.type === 'checkpoint.saved' ? [event.data] : []));
const namesIn = (facts: Facts) => savedIn(facts).map(({ name }) => name);
const idAt = (ms: number) => `cp_${Date.parse(NOW) + ms}`;

/** A builder under lease 4, and its reports. */
const build = (steps: number, options: Parameters<typeof planOf>[1], ...items: readonly ReportItem[]): Facts => [
  submittedWithPlan(planOf(steps, options)),
  started(3),
  ...[prepared, ...items].flatMap((item, index) => reported(4, index + 1, item)),
];
const verified = (number: number): readonly ReportItem[] => [
  stepStarted(`step_${number}`),
  stepDone(`step_${number}`, commit('bcdef0'.charAt(number - 1))),
];

describe('a checkpoint is saved after each agent that completes', () => {
  test('with the name of its role, before anything follows from that', () => {
    const planning = [submitted(), started(3), ...reported(4, 1, prepared, planned())] as const;
    expect(
      given(...planning, ...reported(4, 2, done()))
        .history.map(({ type }) => type)
        .slice(-4),
    ).toEqual(['agent.completed', 'checkpoint.saved', 'handoff.recorded', 'agent.dispatched']);
    expect(savedIn([...planning, ...reported(4, 2, done())])).toMatchObject([
      { name: 'planner_complete', afterAgent: 'planner', commit: commit('a') },
    ]);
  });
  test('at the verified commit, before the run ends', () => {
    const facts = build(1, {}, ...verified(1), accepted(), collected(commit('b')));
    given(...facts)
      .when(report(4, 6, done()))
      .thenEvents(
        reported(4, 6, done()),
        saved({ checkpoint: idAt(0), name: 'builder_complete', afterAgent: 'builder', commit: commit('b') }),
        completed(commit('b')),
      );
  });
  test('after the architect too, before its map is built', () => {
    const map = ProjectMap.parse({ tasks: [{ id: 'T1', title: 'Add a cart' }] });
    const facts: Facts = [
      submitted({ goal: 'Create a multi-tenant billing platform', policy: { ...policy, childrenAtOnce: 1 } }),
      started(3),
      ...reported(4, 1, { fact: 'map.drawn', data: { map, source: 'specification' } }, done()),
    ];
    expect(
      given(...facts)
        .history.map(({ type }) => type)
        .slice(-4),
    ).toEqual(['agent.completed', 'checkpoint.saved', 'children.planned', 'child.started']);
  });
});

describe('a checkpoint is saved after progress', () => {
  test('of three verified steps, and then of three more', () => {
    expect(namesIn(build(7, {}, ...[1, 2].flatMap(verified)))).toEqual([]);
    expect(savedIn(build(7, {}, ...[1, 2, 3].flatMap(verified)))).toMatchObject([
      { name: '3_steps_verified', afterAgent: null, commit: commit('d') },
    ]);
    expect(namesIn(build(7, {}, ...[1, 2, 3, 4, 5, 6].flatMap(verified)))).toEqual([
      '3_steps_verified',
      '3_steps_verified',
    ]);
  });
  test('counted from the last one, whoever wanted that', () => {
    const here = saved({ checkpoint: 'cp_1', name: 'here' });
    const facts = [...build(4, {}, ...[1, 2].flatMap(verified)), here];
    const third = [...facts, ...[6, 7].flatMap((seq) => reported(4, seq, verified(3)[seq - 6] ?? prepared))];
    expect(namesIn(third)).toEqual(['here']);
  });
  test('not of a step that only began', () =>
    expect(namesIn(build(4, {}, ...[1, 2].flatMap(verified), stepStarted('step_3')))).toEqual([]));
});

describe('a checkpoint is saved before a risky step', () => {
  const risky = { step_2: { risky: true } };
  test('when it begins, with what was verified before it', () =>
    expect(savedIn(build(2, risky, ...verified(1), stepStarted('step_2')))).toMatchObject([
      { name: 'before_step_2', afterAgent: null, commit: commit('b') },
    ]));
  test('once: not again for its next try', () =>
    expect(namesIn(build(2, risky, ...verified(1), stepStarted('step_2'), stepStarted('step_2', 2)))).toEqual([
      'before_step_2',
    ]));
  test('not where nothing was verified since the last one, which is the same tree', () => {
    expect(namesIn(build(2, { step_1: { risky: true } }, stepStarted('step_1')))).toEqual([]);
    expect(
      namesIn(build(4, { step_4: { risky: true } }, ...[1, 2, 3].flatMap(verified), stepStarted('step_4'))),
    ).toEqual(['3_steps_verified']);
  });
  test('not before one that is not', () =>
    expect(namesIn(build(2, {}, ...verified(1), stepStarted('step_2')))).toEqual([]));
});

describe('a checkpoint that somebody asks for', () => {
  const ask = { type: 'checkpoint', name: 'by hand' } as const;
  test('is saved at once, with its name', () =>
    given(...build(2, {}, ...verified(1)))
      .when(ask)
      .thenEvents(saved({ checkpoint: idAt(0), name: 'by hand', commit: commit('b') })));
  test('may be had before anything was done, and while the run is paused', () => {
    given(submitted())
      .when(ask)
      .thenEvents(saved({ checkpoint: idAt(0), name: 'by hand' }));
    given(submitted(), paused())
      .when(ask)
      .thenEvents(saved({ checkpoint: idAt(0), name: 'by hand' }));
  });
  test('may have the name of another one: its id is its own', () =>
    given(submitted(), saved({ checkpoint: 'cp_1', name: 'by hand' }))
      .when(ask)
      .thenEvents(saved({ checkpoint: idAt(0), name: 'by hand' })));
  test('comes too late for a run that has ended', () =>
    given(submitted(), aborted()).when(ask).thenRejects('rule.orchestration.ended'));
});

describe('the id of a checkpoint', () => {
  const ask = { type: 'checkpoint', name: 'by hand' } as const;
  test('is its time in milliseconds, plus one for each that is taken', () => {
    const taken = [0, 1, 3].map((ms) => saved({ checkpoint: idAt(ms), name: 'taken' }));
    given(submitted(), ...taken)
      .when(ask)
      .thenEvents(saved({ checkpoint: idAt(2), name: 'by hand' }));
  });
  test('differs also where two are saved in one append', () => {
    const plan = planOf(2, { step_2: { risky: true } });
    const facts = [submittedWithPlan(plan, { policy: { ...policy, checkpointEvery: 1 } }), started(3)] as const;
    const items = [prepared, ...verified(1), ...verified(2)];
    const events = given(...facts).when(report(4, 1, ...items));
    events.thenEvents(
      reported(4, 1, prepared),
      reported(4, 1, ...verified(1)),
      saved({ checkpoint: idAt(0), name: '1_steps_verified', commit: commit('b') }),
      reported(4, 1, ...verified(2)),
      saved({ checkpoint: idAt(1), name: '1_steps_verified', commit: commit('c') }),
    );
  });
});
