import { describe, expect, test } from 'vitest';
import type { ProviderFault } from '#contracts';
import { chose, failedOver } from '../../../test/support/engine-facts.ts';
import {
  agentFailed,
  closed,
  commit,
  dispatched,
  failureOf,
  planOf,
  recovered,
  released,
  report,
  reported,
  started,
  stepDone,
  stepTried,
  submitted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { given, NOW } from '../../../test/support/spec.ts';
import type { ReportedFailure } from '../command.ts';
import { lastFailure, openInteraction, type State } from '../run.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';

const minutes = (count: number): string => new Date(Date.parse(NOW) + count * 60_000).toISOString();

const both = ['claude', 'codex'] as const;
const running = [submittedWithPlan(planOf(2)), started(3), reported(4, 1, chose('claude', both))] as const;
const fault = (provider: ProviderFault, change: Partial<ReportedFailure> = {}): ReportedFailure =>
  failureOf(provider === 'refused_key' ? 'blocker' : 'transient', { engine: 'claude', provider, ...change });
const ofCodex = (provider: ProviderFault, change: Partial<ReportedFailure> = {}) =>
  fault(provider, { engine: 'codex', ...change });
const tried = (failure: ReportedFailure, number = 1) => stepTried('step_1', number, failure);
const live = (state: State) => {
  if (state.lifecycle !== 'live') throw new Error('the run of this test lives');
  return state;
};

describe('where the provider of an engine is at fault', () => {
  test.each([
    ['down', 'the provider of claude is down', minutes(1)],
    ['quota', `claude is out of quota until ${minutes(90)}`, minutes(90)],
    ['refused_key', 'the key of claude is refused', null],
  ] as const)('%s, the next one goes on from the last verified work, and no try counts', (provider, why, until) => {
    const failure = fault(provider, provider === 'quota' ? { until: minutes(90) } : {});
    given(...running)
      .when(report(4, 2, tried(failure)))
      .thenEvents(
        reported(4, 2, tried(failure)),
        failedOver({ provider, until, reason: `${why}: it broke` }),
        recovered('retry', 'codex goes on, which is no failed try', { counted: false }),
        dispatched({ reason: 'continued' }),
      );
    const after = live(given(...running, reported(4, 2, tried(failure))).state);
    expect(after.steps[0]).toMatchObject({ status: 'pending', tries: 0 });
    expect(after.engines.chosen).toMatchObject([{ work: 'work', engine: 'codex' }]);
    expect(after.retries).toBe(0);
  });

  test('the same holds for one that plans', () => {
    const planning = [
      submitted(),
      started(3),
      reported(4, 1, chose('claude', both, { role: 'planner', work: 'plan' })),
    ];
    const failure = fault('down');
    given(...planning)
      .when(report(4, 2, agentFailed(failure)))
      .thenEvents(
        reported(4, 2, agentFailed(failure)).map(
          (event) => ({ ...event, data: { ...event.data, role: 'planner' } }) as typeof event,
        ),
        failedOver({ role: 'planner', until: minutes(1) }),
        recovered('retry', 'codex goes on, which is no failed try', { counted: false }),
        dispatched({ role: 'planner', reason: 'continued' }),
      );
  });

  test('what a command of ours prints is no fault of a provider', () =>
    given(...running)
      .when(report(4, 2, tried(failureOf('transient'))))
      .thenEvents(
        reported(4, 2, tried(failureOf('transient'))),
        recovered('retry', 'try 1 of 5 failed', { notBefore: new Date(Date.parse(NOW) + 750).toISOString() }),
      ));

  test('one that is out of quota is not gone back to before its window ends, one that is down after a while', () => {
    const over = [
      ...running,
      reported(4, 2, tried(fault('quota', { until: minutes(90) }))),
      started(10, 'w2'),
      reported(11, 1, tried(ofCodex('down'))),
    ];
    expect(live(given(...over).state).engines.failedOver).toHaveLength(1);
    expect(lastFailure(live(given(...over).state))?.recovery).toMatchObject({ action: 'retry', counted: true });
    const { state } = given(
      ...running,
      reported(4, 2, tried(fault('quota', { until: '2026-02-02T14:32:00.000Z' }))),
      started(10, 'w2'),
    );
    expect(live(state).engines.outages).toMatchObject([
      { engine: 'claude', until: '2026-02-02T14:32:00.000Z', told: true },
    ]);
  });
});

describe('where no other engine is free', () => {
  const alone = [submittedWithPlan(), started(3), reported(4, 1, chose('claude'))] as const;

  test('a window is waited out, and no try counts', () => {
    const failure = fault('quota', { until: minutes(90) });
    given(...alone)
      .when(report(4, 2, tried(failure)))
      .thenEvents(
        reported(4, 2, tried(failure)),
        recovered('retry', 'the provider takes no requests until then, which is no failed try', {
          counted: false,
          notBefore: new Date(Date.parse(minutes(90)) + 1_000).toISOString(),
        }),
        dispatched({ reason: 'continued', notBefore: new Date(Date.parse(minutes(90)) + 1_000).toISOString() }),
      );
  });

  test('of several windows the first that ends', () => {
    const over = [
      submittedWithPlan(),
      started(3),
      reported(4, 1, chose('claude', both)),
      reported(4, 2, tried(fault('quota', { until: minutes(30) }))),
      started(10, 'w2'),
    ];
    given(...over)
      .when(report(11, 1, tried(ofCodex('quota', { until: minutes(90) }))))
      .thenEvents(
        reported(11, 1, tried(ofCodex('quota', { until: minutes(90) }))),
        recovered('retry', 'the provider takes no requests until then, which is no failed try', {
          counted: false,
          notBefore: new Date(Date.parse(minutes(30)) + 1_000).toISOString(),
        }),
        dispatched({ reason: 'continued', notBefore: new Date(Date.parse(minutes(30)) + 1_000).toISOString() }),
      );
  });

  test('a provider that is down is tried again by whoever is free then, each time later', () => {
    const notBefore = new Date(Date.parse(NOW) + 750).toISOString();
    given(...alone)
      .when(report(4, 2, tried(fault('down'))))
      .thenEvents(
        reported(4, 2, tried(fault('down'))),
        recovered('retry', 'no other engine is free; try 1 of 5 failed', { notBefore }),
        dispatched({ reason: 'continued', notBefore }),
      );
    expect(
      waitReason(
        given(...alone, reported(4, 2, tried(fault('down')))).state,
        nothingObserved,
        '2026-02-02T14:30:57.000Z',
      ),
    ).toMatchObject({ kind: 'due' });
  });

  const five = Array.from({ length: 4 }, (_, index) => [
    reported(index === 0 ? 4 : 5 + index * 5, index === 0 ? 2 : 1, tried(fault('down'), index + 1)),
    started(9 + index * 5, `w${index + 2}`),
  ]);

  test('and then a person decides, who is told what was tried; a plan made anew would not help', () => {
    const facts = [...alone, ...five].flat();
    const { state } = given(...facts, reported(25, 1, tried(fault('down'), 5)));
    expect(lastFailure(live(state))?.recovery).toMatchObject({
      action: 'escalate',
      reason: 'no engine can go on: the provider of claude is down',
    });
    expect(openInteraction(live(state))?.prompt).toContain('no engine can go on: the provider of claude is down');
  });

  test('a key that is refused needs a person at once, and is tried again when one says so', () => {
    const refused = [...alone, reported(4, 2, agentFailed(fault('refused_key')))];
    expect(openInteraction(live(given(...refused).state))).toMatchObject({ kind: 'escalation' });
    expect(live(given(...refused, closed(1, 'answered', 'r')).state).engines.outages).toEqual([]);
  });
});

test('an engine that is asked anew, or for something else, is another fact of the same state', () => {
  const { state } = given(
    ...running,
    reported(4, 2, chose('codex', both), chose('model', ['model'], { work: 'plan' })),
    reported(4, 3, stepDone('step_1', commit('b')), released('shutdown')),
  );
  expect(live(state).engines.chosen.map(({ engine, work }) => `${engine} ${work}s`)).toEqual([
    'codex works',
    'model plans',
  ]);
});

test('an endless change from one engine to another is ended by tries that count', () => {
  const outOf = (engine: string) =>
    stepTried('step_1', 1, failureOf('transient', { engine, provider: 'quota', until: '2026-02-02T14:30:54.000Z' }));
  let facts = [submittedWithPlan(planOf(1)), started(3), reported(4, 1, chose('claude', both))].flat();
  for (let change = 0; change < 12; change += 1) {
    const { state, history } = given(...facts);
    const lease = live(state).invocations[0]?.lease?.number ?? 0;
    const engine = live(state).engines.chosen[0]?.engine ?? '';
    expect(lease).toBeGreaterThan(0);
    facts = [...facts, ...reported(lease, 2 + history.length, outOf(engine))];
    const after = live(given(...facts).state);
    if (lastFailure(after)?.recovery?.counted) return;
    facts = [...facts, started(after.head.version, `w${change}`)];
  }
  expect.unreachable('it goes on and on');
});
