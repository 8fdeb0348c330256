import { describe, expect, test } from 'vitest';
import { ProjectMap } from '#contracts';
import {
  aborted,
  agentFailed,
  closed,
  dispatched,
  done,
  failureOf,
  overridden,
  reported,
  started,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { contextOf, type Facts, given, NOW } from '../../../test/support/spec.ts';
import type { Command } from '../command.ts';
import { decide } from '../decide.ts';
import { currentInvocation, openInteraction, openInteractions } from '../run.ts';
import { react } from '../wishes.ts';
import { askedAs, limits } from './interactions.testing.ts';

const answer = (text: string, note: string | null = null, interaction: string | null = null) =>
  ({ type: 'answer', interaction, answer: text, note }) as const;
const timeOut = { type: 'time_out' } as const;
const at = (now: string) => ({ now });

const runOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return state;
};
const after = (facts: Facts, command: Command, now = NOW) =>
  decide(given(...facts).state, command, contextOf({ now })).map(({ type }) => type);
const failedBecause = (reason: string) => ({ type: 'orchestration.failed', v: 1, data: { reason } }) as const;

const asked = submitted({ mode: 'explicit', policy: limits });
const blocked = [
  submittedWithPlan(undefined, { policy: limits }),
  started(3),
  ...reported(4, 1, agentFailed(failureOf('blocker'))),
] as const;

const tasksOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `T${index + 1}`, title: `Make part ${index + 1}` }));
const mapOf = (count: number) =>
  ProjectMap.parse({ epics: [{ id: 'E1', title: 'Shop' }], features: [], tasks: tasksOf(count) });
/** The architect drew a map of so many tasks, after the route was confirmed. */
const drawn = (count = 2): Facts => [
  submitted({
    mode: 'explicit',
    goal: 'Create a multi-tenant billing platform',
    policy: { ...limits, childrenAtOnce: 2 },
  }),
  closed(1, 'answered', 'y'),
  started(5),
  ...reported(6, 1, { fact: 'map.drawn', data: { map: mapOf(count), source: 'specification' } }, done()),
];

describe('a map that was drawn', () => {
  test('is put to a person with its tasks, before anything is built', () => {
    expect(openInteraction(runOf(...drawn()))).toMatchObject({
      id: 'int_2',
      kind: 'map',
      prompt: 'The map: 1 epics, 0 features, 2 tasks. Build it?\nT1 Make part 1 (M)\nT2 Make part 2 (M)',
      options: [{ key: 'y' }, { key: 'r' }, { key: 'n' }],
      deadline: expect.any(String),
    });
    expect(runOf(...drawn()).children).toEqual([]);
  });
  test('of very many tasks is put with the first ones', () =>
    expect(
      openInteraction(runOf(...drawn(40)))
        ?.prompt.split('\n')
        .slice(-2),
    ).toEqual(['T30 Make part 30 (M)', '… and 10 more']));
  test('is built after y, or after the command approve', () => {
    expect(runOf(...drawn(), closed(2, 'answered', 'y')).children.map(({ status }) => status)).toEqual([
      'running',
      'running',
    ]);
    expect(after(drawn(), { type: 'approve' })).toEqual([
      'interaction.closed',
      'children.planned',
      'child.started',
      'child.started',
    ]);
  });
  test('is drawn again after r, by the architect, who knows what is to be different', () => {
    given(...drawn())
      .when(answer('redraw', 'one service is enough'))
      .thenEvents(
        closed(2, 'answered', 'r', 'one service is enough'),
        dispatched({ role: 'architect', reason: 'answered', hint: 'one service is enough' }),
      );
    expect(runOf(...drawn(), closed(2, 'answered', 'r')).map).toBeNull();
  });
  test('is asked for again when it was drawn again', () => {
    const redrawn = [...drawn(), closed(2, 'answered', 'r')];
    const dispatch = currentInvocation(runOf(...redrawn))?.dispatch ?? 0;
    const again = [
      ...redrawn,
      started(dispatch),
      ...reported(dispatch + 1, 1, { fact: 'map.drawn', data: { map: mapOf(1), source: 'specification' } }, done()),
    ];
    expect(openInteraction(runOf(...again))).toMatchObject({
      id: 'int_3',
      prompt: expect.stringContaining('1 tasks'),
    });
  });
  test('is not built after n: the run is aborted', () =>
    given(...drawn())
      .when(answer('no'))
      .thenEvents(closed(2, 'declined', 'n'), aborted('the map was declined')));
  test('takes nothing else for an answer', () =>
    given(...drawn())
      .when(answer('maybe'))
      .thenRejects('rule.interaction.not_an_option'));
});

describe('a route', () => {
  test('is confirmed by the command approve', () =>
    given(asked)
      .when({ type: 'approve' })
      .thenEvents(closed(1, 'answered', 'y'), dispatched({ role: 'planner' })));
  test('of a run of tasks may be replaced by another one, which then has its agents', () => {
    const several = submitted({ mode: 'explicit', policy: { ...limits, childrenAtOnce: 2 }, workflow: 'multi_task' });
    given(several)
      .when(answer('plan_then_build'))
      .thenEvents(
        closed(1, 'answered', 'plan_then_build'),
        overridden('plan_then_build'),
        dispatched({ role: 'planner' }),
      );
    expect(runOf(several, closed(1, 'answered', 'plan_then_build'), overridden('plan_then_build')).children).toEqual(
      [],
    );
  });
  test('may be replaced by one with tasks, which begin at once', () => {
    const run = runOf(
      submitted({ mode: 'explicit', policy: { ...limits, childrenAtOnce: 2 } }),
      closed(1, 'answered', 'multi_task'),
      overridden('multi_task'),
    );
    expect(run.children.map(({ task: { id }, status }) => `${id} ${status}`)).toEqual(['T1 running']);
    expect(run.invocations.map(({ role }) => role)).toEqual(['builder']);
  });
});

describe('a decision that nobody makes in time', () => {
  test.each<[string, Facts, string]>([
    ['the route', [asked], 'nobody confirmed the route by 2026-02-02T15:30:54.000Z (int_1: Route: plan_then_build'],
    ['a map', drawn(), 'nobody approved the map by 2026-02-02T15:30:59.000Z (int_2: The map:'],
    [
      'how to go on',
      blocked,
      'nobody decided how to go on by 2026-02-02T15:30:58.000Z (int_1: The builder cannot go on',
    ],
  ])('ends the run at its deadline, not before: %s', (_what, facts, reason) => {
    const run = runOf(...facts);
    const { deadline, id } = openInteraction(run) ?? { deadline: null, id: '' };
    const justBefore = new Date(Date.parse(deadline ?? '') - 1).toISOString();
    given(...facts)
      .when(timeOut, at(justBefore))
      .thenNothing();
    const events = decide(run, timeOut, contextOf({ now: deadline ?? '' }));
    expect(events).toMatchObject([
      { type: 'interaction.closed', data: { interaction: id, outcome: 'expired', answer: null } },
      { type: 'orchestration.failed', data: { reason: expect.stringContaining(reason) } },
    ]);
  });
  test('withdraws whatever else is open', () => {
    const later = '2026-02-03T15:00:00.000Z';
    const facts = [asked, askedAs(2, 'q1', { deadline: later })] as const;
    const { deadline, prompt } = openInteraction(runOf(...facts)) ?? { deadline: '', prompt: '' };
    given(...facts)
      .when(timeOut, at('2026-02-02T16:00:00.000Z'))
      .thenEvents(
        closed(1, 'expired'),
        closed(2, 'withdrawn'),
        failedBecause(`nobody confirmed the route by ${deadline} (int_1: ${prompt})`),
      );
  });
  test('waits for ever where the policy has no deadline', () =>
    given(submitted({ mode: 'explicit' }))
      .when(timeOut, at('2036-01-01T00:00:00.000Z'))
      .thenNothing());
  test('counts also while the run is paused: somebody was asked', () => {
    const facts = [asked, { type: 'orchestration.paused', v: 1, data: { reason: null } }] as const;
    expect(after(facts, timeOut, '2026-02-02T16:00:00.000Z')).toEqual(['interaction.closed', 'orchestration.failed']);
  });
  test('comes too late afterwards, and time decides once', () => {
    const over = [asked, closed(1, 'expired'), failedBecause('nobody confirmed the route')] as const;
    given(...over)
      .when(answer('y', null, 'int_1'))
      .thenRejects('rule.orchestration.ended');
    given(...over)
      .when(timeOut, at('2026-02-03T16:00:00.000Z'))
      .thenNothing();
    expect(react(given(...over).state)).toEqual([{ do: 'notify', hook: 'failed', about: 'end' }]);
  });
});

describe('an interaction has one outcome', () => {
  test.each(['answered', 'expired', 'withdrawn', 'superseded'] as const)(
    'one that was %s takes no other',
    (outcome) => {
      const facts = [asked, closed(1, outcome, outcome === 'answered' ? 'y' : null)] as const;
      expect(openInteractions(runOf(...facts)).map(({ id }) => id)).not.toContain('int_1');
      given(...facts)
        .when(answer('build_only', null, 'int_1'))
        .thenRejects('rule.interaction.closed');
    },
  );
  test('and keeps who gave it, and what was said', () =>
    expect(runOf(asked, closed(1, 'answered', 'y')).interactions).toMatchObject([
      { id: 'int_1', outcome: 'answered', answer: 'y', by: 'person:alice', assumed: false },
    ]));
  test('another run has none of its name', () =>
    given(submittedWithPlan())
      .when(answer('y', null, 'int_7'))
      .thenRejects('rule.interaction.unknown'));
  test('the number of the next one is never that of another', () => {
    const again = [...drawn(), closed(2, 'answered', 'r')];
    expect(runOf(...again).interactions.map(({ id }) => id)).toEqual(['int_1', 'int_2']);
  });
});
