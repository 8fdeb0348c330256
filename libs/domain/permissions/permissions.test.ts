import { describe, expect, test } from 'vitest';
import {
  aborted,
  closed,
  dispatched,
  failureOf,
  prepared,
  released,
  report,
  reported,
  started,
  stepDone,
  stepStarted,
  stepTried,
  submittedWithPlan,
  workerOf,
} from '../../../test/support/facts.ts';
import { type Facts, given, NOW } from '../../../test/support/spec.ts';
import type { ReportItem } from '../command.ts';
import { fact } from '../context.ts';
import { limits } from '../interactions/interactions.testing.ts';
import { currentInvocation, openInteractions, type Run } from '../run.ts';
import { statusOf } from '../state-document.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { react } from '../wishes.ts';
import { isPermitted } from './permissions.ts';

const runOf = (...facts: Facts) => {
  const { state } = given(...facts);
  if (state.lifecycle === 'absent') throw new Error('expected a run');
  return state;
};

const asks = (command: string | null = 'npm test', kind: 'execute' | 'edit' = 'execute'): ReportItem => ({
  fact: 'permission.asked',
  data: { engine: 'claude', kind, title: 'Run the tests', command },
});
const kept = (session: string, costUsd: number | null = null): ReportItem => ({
  fact: 'session.kept',
  data: { engine: 'claude', session, costUsd },
});
const answer = (text: string, interaction: string | null = null) =>
  ({ type: 'answer', interaction, answer: text, note: null }) as const;
const put = (number: number, command: string, deadline = '2026-02-02T15:01:00.000Z') =>
  fact('interaction.opened', {
    interaction: `int_${number}`,
    kind: 'permission',
    prompt: `claude wants to run: ${command}`,
    options: [
      { key: 'y', label: 'allow it once' },
      { key: 'always', label: 'allow this command for the whole run' },
      { key: 'n', label: 'deny it' },
    ],
    deadline,
    default: 'n',
    round: null,
    focus: null,
    about: `claude execute ${command}`,
  });

/** A builder at work under lease 4. */
const working = [submittedWithPlan(undefined, { policy: limits }), started(3), ...reported(4, 1, prepared)] as const;
const asked = [...working, ...reported(4, 2, asks())] as const;
const leaseOf = (run: Run) => currentInvocation(run)?.lease?.number;
const runWish = (run: Parameters<typeof react>[0]) => react(run).filter((wish) => wish.do === 'run');

describe('an agent that asks for permission', () => {
  test('has it put to a person at once, with a deadline and what is taken then', () =>
    given(...working)
      .when(report(4, 2, asks()))
      .thenEvents(...reported(4, 2, asks()), put(1, 'npm test')));

  test('waits under its lease: its work is wished for, and nothing else is ordered', () => {
    const run = runOf(...asked);
    expect(leaseOf(run)).toBe(4);
    expect(runWish(run)).toEqual(runWish(runOf(...working)));
    expect(statusOf(run)).toBe('waiting');
    expect(waitReason(run, nothingObserved, NOW)).toMatchObject({ kind: 'approval', owner: 'a person' });
  });

  test('may ask for more meanwhile, and its worker may report', () => {
    const run = runOf(...asked, ...reported(4, 3, asks('npm ci')), ...reported(4, 4, stepStarted('step_1', 1)));
    expect(openInteractions(run).map(({ id }) => id)).toEqual(['int_1', 'int_2']);
    expect(leaseOf(run)).toBe(4);
  });

  test.each([
    ['y', 'answered'],
    ['yes', 'answered'],
    ['always', 'answered'],
    ['n', 'declined'],
    ['no', 'declined'],
  ] as const)('is answered with %s, and keeps its lease', (text, outcome) => {
    const key = { yes: 'y', no: 'n' }[text as string] ?? text;
    given(...asked)
      .when(answer(text))
      .thenEvents(closed(1, outcome, key));
    expect(leaseOf(runOf(...asked, closed(1, outcome, key)))).toBe(4);
  });

  test('is never allowed for good by a word that means something else elsewhere', () =>
    given(...asked)
      .when(answer('abort'))
      .thenRejects('rule.interaction.not_an_option'));

  test('is denied when nobody answers in time, and works on', () =>
    given(...asked)
      .when({ type: 'time_out' }, { now: '2026-02-02T16:00:00.000Z' })
      .thenEvents(fact('interaction.closed', { ...closed(1, 'expired', 'n').data, assumed: true } as never)));

  test('may stop to wait, once', () => {
    const dropped: ReportItem = { fact: 'permission.dropped', interaction: 'int_1' };
    given(...asked)
      .when(report(4, 3, dropped))
      .thenEvents(closed(1, 'withdrawn'));
    given(...asked, closed(1, 'answered', 'y'))
      .when(report(4, 3, dropped))
      .thenNothing();
  });
});

describe('what an agent asked for is superseded', () => {
  test('when its worker has died and another one begins', () =>
    given(...asked)
      .when({ type: 'start', dispatch: 3, worker: workerOf('w2') })
      .thenEvents(started(3, 'w2'), closed(1, 'superseded')));

  test('when its worker gives the lease back', () =>
    given(...asked)
      .when(report(4, 3, released('shutdown')))
      .thenEvents(
        ...reported(4, 3, released('shutdown')),
        closed(1, 'superseded'),
        dispatched({ reason: 'handed_back' }),
      ));

  test('when the attempt has failed, before anybody is asked how to go on', () => {
    const run = runOf(...asked, ...reported(4, 3, stepTried('step_1', 1, failureOf('blocker'))));
    expect(run.interactions.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['permission', 'superseded'],
      ['escalation', null],
    ]);
  });

  test('when the run is aborted it is withdrawn', () =>
    given(...asked)
      .when({ type: 'abort', reason: null })
      .thenEvents(closed(1, 'withdrawn'), aborted()));
});

describe('what is allowed for the whole run', () => {
  const allowed = [...asked, closed(1, 'answered', 'always')] as const;
  const wanted = { engine: 'claude', kind: 'execute', command: 'npm test' } as const;

  test('is this command of this engine', () => {
    const run = runOf(...allowed);
    expect(isPermitted(run, wanted)).toBe(true);
    expect(isPermitted(run, { ...wanted, command: 'npm test && rm x' })).toBe(false);
    expect(isPermitted(run, { ...wanted, engine: 'codex' })).toBe(false);
    expect(isPermitted(runOf(...asked, closed(1, 'answered', 'y')), wanted)).toBe(false);
  });

  test('or all of its kind, where it is no command', () => {
    const run = runOf(...working, ...reported(4, 2, asks(null, 'edit')), closed(1, 'answered', 'always'));
    expect(run.interactions[0]?.prompt).toBe('claude wants to edit: Run the tests');
    expect(isPermitted(run, { engine: 'claude', kind: 'edit', command: null })).toBe(true);
    expect(isPermitted(run, wanted)).toBe(false);
  });
});

describe('a conversation', () => {
  const talked = [...working, ...reported(4, 2, kept('s1', 0.1)), ...reported(4, 3, kept('s2', 0.2))] as const;

  test('is the newest of its engine, also under the next lease', () => {
    const run = runOf(...talked, started(3, 'w2'));
    expect(run.sessions).toEqual([{ engine: 'claude', session: 's2', costUsd: 0.2 }]);
  });

  test('is not gone on with after the run went back, and nothing that was allowed counts then', () => {
    const saved = [...talked, ...reported(4, 4, stepStarted('step_1', 1), stepDone('step_1'), asks())] as const;
    const allowed = [...saved, closed(1, 'answered', 'always')] as const;
    const checkpoint = { checkpoint: 'cp_1', name: 'here', afterAgent: null, commit: null };
    const before = runOf(...allowed, fact('checkpoint.saved', checkpoint as never));
    expect(isPermitted(before, { engine: 'claude', kind: 'execute', command: 'npm test' })).toBe(true);
    const run = runOf(
      ...allowed,
      fact('checkpoint.saved', checkpoint as never),
      fact('orchestration.resumed', { checkpoint: 'cp_1', version: before.head.version - 1 }),
    );
    expect(run.sessions).toEqual([]);
    expect(isPermitted(run, { engine: 'claude', kind: 'execute', command: 'npm test' })).toBe(false);
  });
});
