import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { StateDocument } from '#contracts';
import { type Story, story } from '../../test/support/moves.ts';
import { type Given, simulate } from '../../test/support/simulation.ts';
import { contextOf, NOW } from '../../test/support/spec.ts';
import { fold } from './evolve.ts';
import { follow } from './follow.ts';
import { absent, currentInvocation } from './run.ts';
import { stateDocument } from './state-document.ts';
import { nothingObserved, waitReason } from './wait-reason.ts';
import { react } from './wishes.ts';

/** Every property tells so many stories of up to so many moves; a failure prints its seed and the shortest story. */
const RUNS = { numRuns: 25 };

const always = (holds: (story: Story) => void) => fc.assert(fc.property(story(), holds), RUNS);
const afterEach = (holds: (given: Given) => void) =>
  always((told) => {
    for (const given of simulate(told).given) holds(given);
  });

/** What a reader of reports keeps: the newest lease, and the last number taken in under it. */
const isRepeatedOrStale = ({ command, before }: Given): boolean => {
  if (command.type !== 'report') return false;
  const lease = before.lifecycle === 'live' ? currentInvocation(before)?.lease : null;
  return lease?.number !== command.lease || command.seq <= lease.seq;
};

test('any prefix of any history folds, from the start or from any state on the way', () =>
  always((told) => {
    const { log, given } = simulate(told);
    for (const { after } of given) {
      const prefix = log.slice(0, after.head.version);
      expect(fold(prefix)).toEqual(after);
      const middle = prefix.length >> 1;
      expect(fold(prefix.slice(middle), fold(prefix.slice(0, middle)))).toEqual(after);
    }
  }));

test('a live orchestration is wished for or waits for a named reason that somebody owns', () =>
  afterEach(({ after }) => {
    const reason = waitReason(after, nothingObserved, NOW);
    expect(reason === null).toBe(after.lifecycle !== 'live');
    if (!reason) return;
    expect(reason.kind).not.toBe('routing');
    expect(reason.owner).not.toBe('');
    const isRun = react(after).some((wish) => wish.do === 'run');
    expect(isRun).toBe(reason.kind === 'queued' || reason.kind === 'running');
  }));

test('a repeated, late, overtaken or stale report changes nothing', () =>
  afterEach((given) => {
    if (isRepeatedOrStale(given)) expect(given).toMatchObject({ events: [], rejected: null });
  }));

test('no report is taken in twice', () =>
  always((told) => {
    const taken = simulate(told).given.flatMap(({ command, events }) =>
      command.type === 'report' && events.length > 0 ? [`${command.lease}/${command.seq}`] : [],
    );
    expect(new Set(taken).size).toBe(taken.length);
  }));

test('nothing follows by itself from what is stored: all of it was stored', () =>
  afterEach(({ after }) => expect(follow(after, contextOf())).toBeNull()));

test('nothing follows an end but what becomes of the branch', () =>
  afterEach(({ before, events }) => {
    if (before.lifecycle !== 'ended') return;
    for (const { type } of events) expect(['branch.applied', 'branch.discarded']).toContain(type);
  }));

test('an end leaves nobody waiting: no open question, no lease', () =>
  afterEach(({ after }) => {
    if (after.lifecycle !== 'ended') return;
    expect(after.interactions.filter(({ outcome }) => outcome === null)).toEqual([]);
    expect(after.invocations.filter(({ lease }) => lease !== null)).toEqual([]);
  }));

test('tries never exceed their limit within an attempt', () =>
  always((told) => {
    const run = simulate(told).state();
    if (run.lifecycle === 'absent') return;
    const { stepTries, gateTries } = run.submission.policy;
    for (const { role, attempt, step, gate } of run.failures) {
      const same = run.failures.filter(
        (other) => other.role === role && other.attempt === attempt && other.step === step && other.gate === gate,
      );
      expect(same.length).toBeLessThanOrEqual(step === null ? gateTries : stepTries);
    }
  }));

test('leases never exceed their limit without verified progress', () =>
  afterEach(({ after }) => {
    if (after.lifecycle === 'absent') return;
    for (const { leases } of after.invocations)
      expect(leases).toBeLessThanOrEqual(after.submission.policy.leasesPerAttempt);
  }));

test('what is completed was verified: every step done, every gate passed or waived', () =>
  afterEach(({ after }) => {
    if (after.lifecycle !== 'ended' || after.outcome.kind !== 'completed') return;
    expect(after.steps.filter(({ status }) => status !== 'completed' && status !== 'skipped')).toEqual([]);
    expect(after.gates.filter(({ status }) => status === 'pending' || status === 'failed')).toEqual([]);
    expect(after.planAccepted).toBe(true);
  }));

test('a checkpoint has an id of its own', () =>
  always((told) => {
    const run = simulate(told).state();
    const ids = run.lifecycle === 'absent' ? [] : run.checkpoints.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }));

test('every state can be shown', () =>
  afterEach(({ after }) => {
    if (after.lifecycle === 'absent') return;
    const document = stateDocument(after, waitReason(after, nothingObserved, NOW));
    expect(StateDocument.parse(document)).toEqual(document);
  }));

test('whatever happened, a run ends once people answer and workers succeed', () =>
  always((told) => {
    const simulation = simulate(told);
    simulation.settle();
    expect(simulation.state().lifecycle).toBe('ended');
  }));

test('a command without effect leaves the state as it was', () =>
  afterEach(({ before, after, events }) => {
    if (events.length === 0) expect(after).toBe(before);
    else expect(after.head.version).toBe((before === absent ? 0 : before.head.version) + events.length);
  }));
