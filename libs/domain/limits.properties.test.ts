import { describe, expect, test, vi } from 'vitest';
import { simulate } from '../../test/support/simulation.ts';
import {
  afterEachCommand,
  always,
  type DecidedFailure,
  failuresIn,
  histories,
  mostOf,
  TIMEOUT_MS,
} from '../../test/support/stories.ts';
import { evolve } from './evolve.ts';
import { absent, type State } from './run.ts';
import { react } from './wishes.ts';

type Failed = DecidedFailure['failure'];

vi.setConfig({ testTimeout: TIMEOUT_MS });

/** What a person answered changed what is tried. */
const betweenPeople = (failures: readonly (DecidedFailure | null)[]): readonly (readonly DecidedFailure[])[] => {
  const parts: DecidedFailure[][] = [[]];
  for (const failure of failures) {
    if (failure) parts.at(-1)?.push(failure);
    else parts.push([]);
  }
  return parts;
};

/** Tried again as it was, although no window was waited out and no pattern knows the fault to pass by itself. */
const isRepetition = ({ failure, recovery }: DecidedFailure): boolean =>
  recovery.action === 'retry' &&
  recovery.counted &&
  failure.progress !== null &&
  !(failure.category === 'transient' && failure.pattern !== null);

const keyOf = ({ failure: { role, fingerprint, progress } }: DecidedFailure): string =>
  JSON.stringify([role, fingerprint, progress]);

describe('limits', () => {
  test('of tries hold within an attempt; a window that was waited out is none', () =>
    always((told) => {
      const { log, state } = simulate(told);
      const run = state();
      if (run.lifecycle === 'absent') return;
      const { stepTries, gateTries } = run.submission.policy;
      const counted = histories(log).map((history) =>
        failuresIn(history).flatMap((decided) => (decided?.recovery.counted ? [decided.failure] : [])),
      );
      const triesOf = (failures: readonly Failed[]) =>
        mostOf(failures.map(({ role, attempt, step, gate }) => JSON.stringify([role, attempt, step, gate])));
      for (const failures of counted) {
        expect(triesOf(failures.filter(({ step }) => step !== null))).toBeLessThanOrEqual(stepTries);
        expect(triesOf(failures.filter(({ step }) => step === null))).toBeLessThanOrEqual(gateTries);
      }
    }));

  test('of replans hold for the whole run, whatever it went back to', () =>
    afterEachCommand(({ after }) => {
      if (after.lifecycle === 'absent') return;
      const { replans } = after.submission.policy;
      expect(after.replans).toBeLessThanOrEqual(replans);
    }));

  test('of leases hold without verified progress', () =>
    afterEachCommand(({ after }) => {
      if (after.lifecycle === 'absent') return;
      for (const { leases } of after.invocations)
        expect(leases).toBeLessThanOrEqual(after.submission.policy.leasesPerAttempt);
    }));

  test('of repetition hold: an error that comes again on the same work is tried again less often than makes a loop', () =>
    always((told) => {
      const { log, state } = simulate(told);
      const run = state();
      if (run.lifecycle === 'absent' || run.submission.policy.repeats === 0) return;
      for (const history of histories(log))
        for (const failures of betweenPeople(failuresIn(history)))
          expect(mostOf(failures.filter(isRepetition).map(keyOf))).toBeLessThan(run.submission.policy.repeats);
    }));

  test('of tasks at once hold whenever one begins', () =>
    always((told) => {
      let state: State = absent;
      for (const event of simulate(told).log) {
        state = evolve(state, event);
        if (state.lifecycle === 'absent' || event.type !== 'child.started') continue;
        const running = state.children.filter(({ status }) => status === 'running');
        expect(running.length).toBeLessThanOrEqual(state.childrenAtOnce);
      }
    }));

  test('of rounds of questions hold', () =>
    afterEachCommand(({ after }) => {
      if (after.lifecycle === 'absent') return;
      const { questionRounds } = after.submission.policy;
      for (const { kind, round } of after.interactions)
        if (kind === 'question') expect(round).toBeLessThanOrEqual(questionRounds);
    }));
});

describe('people', () => {
  test('every interaction is opened once and gets exactly one outcome, which stays', () =>
    always((told) => {
      const { log, state } = simulate(told);
      const run = state();
      const opened = log.flatMap((event) => (event.type === 'interaction.opened' ? [event.data.interaction] : []));
      const closed = log.flatMap((event) => (event.type === 'interaction.closed' ? [event.data.interaction] : []));
      expect(new Set(opened).size).toBe(opened.length);
      expect(new Set(closed).size).toBe(closed.length);
      expect(closed.filter((id) => !opened.includes(id))).toEqual([]);
      const open = run.lifecycle === 'absent' ? [] : run.interactions.filter(({ outcome }) => outcome === null);
      expect(opened.filter((id) => !closed.includes(id))).toEqual(open.map(({ id }) => id));
    }));

  test('nobody works on what a person is asked about', () =>
    afterEachCommand(({ after }) => {
      if (after.lifecycle !== 'live' || after.submission.driver === 'outside') return;
      if (after.interactions.some(({ kind, outcome }) => outcome === null && kind !== 'permission'))
        expect(react(after).filter((wish) => wish.do === 'run')).toEqual([]);
    }));

  test('only a person skips a step, and never a critical one', () =>
    afterEachCommand(({ after, events, command }) => {
      if (after.lifecycle === 'absent') return;
      for (const event of events) {
        if (event.type !== 'step.skipped') continue;
        expect(['skip', 'answer']).toContain(command.type);
        const step = after.plan?.plan.steps.find(({ id }) => id === event.data.step);
        expect(step?.critical).not.toBe(true);
      }
    }));
});
