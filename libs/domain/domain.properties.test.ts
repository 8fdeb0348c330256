import { describe, expect, test, vi } from 'vitest';
import { StateDocument } from '#contracts';
import { type Given, simulate } from '../../test/support/simulation.ts';
import { contextOf } from '../../test/support/spec.ts';
import { afterEachCommand, always, TIMEOUT_MS } from '../../test/support/stories.ts';
import { isParent } from './children/family.ts';
import { evolve, fold } from './evolve.ts';
import { follow } from './follow.ts';
import { absent, currentInvocation, isHeldUp, type State } from './run.ts';
import { stateDocument } from './state-document.ts';
import { nothingObserved, waitReason } from './wait-reason.ts';
import { react } from './wishes.ts';

vi.setConfig({ testTimeout: TIMEOUT_MS });

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

/** What a run can wait for, by what has to come: a worker, a person, its tasks, a time, whoever drives it. */
const WAITS_FOR_WORK: readonly string[] = ['queued', 'running', 'due'];

test('a live orchestration is wished for or waits for a named reason that somebody owns', () =>
  afterEachCommand(({ after, time }) => {
    const reason = waitReason(after, nothingObserved, time);
    expect(reason === null).toBe(after.lifecycle !== 'live');
    if (!reason) return;
    expect(reason.kind).not.toBe('routing');
    expect(reason.owner).not.toBe('');
    expect(reason.detail).not.toBe('');
    const isRun = react(after).some((wish) => wish.do === 'run');
    // Whoever asks for permission keeps its turn.
    const holdsTurn = reason.kind === 'approval' && after.lifecycle === 'live' && !isHeldUp(after);
    expect(isRun).toBe(WAITS_FOR_WORK.includes(reason.kind) || holdsTurn);
  }));

describe('what is told to the log', () => {
  test('a repeated, late, overtaken or stale report changes nothing', () =>
    afterEachCommand((given) => {
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
    afterEachCommand(({ after, time }) => expect(follow(after, contextOf({ now: time }))).toBeNull()));

  test('a command without effect leaves the state as it was', () =>
    afterEachCommand(({ before, after, events }) => {
      if (events.length === 0) expect(after).toBe(before);
      else expect(after.head.version).toBe((before === absent ? 0 : before.head.version) + events.length);
    }));

  test('a checkpoint has an id of its own', () =>
    always((told) => {
      const run = simulate(told).state();
      const ids = run.lifecycle === 'absent' ? [] : run.checkpoints.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }));

  test('every state can be shown', () =>
    afterEachCommand(({ after, time }) => {
      if (after.lifecycle === 'absent') return;
      const document = stateDocument(after, waitReason(after, nothingObserved, time));
      expect(StateDocument.parse(document)).toEqual(document);
    }));
});

describe('an end', () => {
  test('is followed by nothing but what it cost, what becomes of the branch, and going back where that may be', () =>
    afterEachCommand(({ before, command, events }) => {
      if (before.lifecycle !== 'ended' || events.length === 0) return;
      const [first] = events;
      if (first?.type !== 'orchestration.resumed') {
        for (const { type } of events) expect(['usage.recorded', 'branch.applied', 'branch.discarded']).toContain(type);
        return;
      }
      expect(['resume', 'rewind']).toContain(command.type);
      expect(before.outcome.kind).not.toBe('completed');
      expect(before.landed).not.toBe('discarded');
    }));

  test('leaves nobody waiting: no open question, no lease, no task', () =>
    afterEachCommand(({ after }) => {
      if (after.lifecycle !== 'ended') return;
      expect(after.interactions.filter(({ outcome }) => outcome === null)).toEqual([]);
      expect(after.invocations.filter(({ lease }) => lease !== null)).toEqual([]);
      if (after.outcome.kind !== 'halted')
        expect(after.children.filter(({ status }) => status === 'running')).toEqual([]);
    }));

  test('comes at once after a critical failure, and after nothing else is a run halted', () =>
    afterEachCommand(({ after, events }) => {
      const isCritical = events.some(({ type, data }) => type === 'failure.recorded' && data.category === 'critical');
      const isHalted = after.lifecycle === 'ended' && after.outcome.kind === 'halted' && events.length > 0;
      const isNew = events.some(({ type }) => type === 'orchestration.halted');
      expect(isNew).toBe(isCritical);
      if (isNew) expect(isHalted).toBe(true);
    }));

  test('that is good was verified: every step done, every gate passed or waived, every task merged', () =>
    afterEachCommand(({ after }) => {
      if (after.lifecycle !== 'ended' || after.outcome.kind !== 'completed' || after.submission.driver === 'outside')
        return;
      expect(after.gates.filter(({ status }) => status === 'pending' || status === 'failed')).toEqual([]);
      if (isParent(after)) {
        const unmerged = after.children.filter(({ status, merged }) => status !== 'completed' || merged === null);
        expect(unmerged).toEqual([]);
        return;
      }
      expect(after.steps.filter(({ status }) => status !== 'completed' && status !== 'skipped')).toEqual([]);
      expect(after.planAccepted).toBe(true);
    }));

  test('comes, whatever happened, once people answer and workers succeed', () =>
    always((told) => {
      const simulation = simulate(told);
      simulation.settle();
      expect(simulation.state().lifecycle).toBe('ended');
    }));
});

test('a task runs once at a time, and the end of that run is told once', () =>
  always((told) => {
    let state: State = absent;
    for (const event of simulate(told).log) {
      const children = state.lifecycle === 'absent' ? [] : state.children;
      state = evolve(state, event);
      if (event.type !== 'child.started' && event.type !== 'child.ended') continue;
      const { task, child } = event.data;
      const running = children.find((known) => known.task.id === task && known.status === 'running');
      expect(running?.id).toBe(event.type === 'child.started' ? undefined : child);
    }
  }));
