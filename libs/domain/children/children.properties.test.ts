import { expect, test } from 'vitest';
import { type EdgePolicy, RuleViolation, StateDocument, type Task } from '#contracts';
import type { Recorded } from '#events';
import { commit, submission, workerOf } from '../../../test/support/facts.ts';
import { fc } from '../../../test/support/fast-check.ts';
import { contextOf, recordedOf } from '../../../test/support/spec.ts';
import type { Command, ReportItem } from '../command.ts';
import { conclude } from '../decide.ts';
import { evolve } from '../evolve.ts';
import { follow } from '../follow.ts';
import { nothingSpent } from '../money/amounts.ts';
import { absent, currentInvocation, type Live, openInteraction, type State } from '../run.ts';
import { stateDocument } from '../state-document.ts';
import { nothingObserved, waitReason } from '../wait-reason.ts';
import { limits, task } from './children.testing.ts';
import { dependenciesOf, isLost, runningChildren } from './family.ts';
import { toMerge } from './merge-order.ts';
import { shareFiles } from './share-files.ts';

/** Runs of tasks, told in any order what happens to them. A failure prints its seed and the shortest story. */
const RUNS = { numRuns: 40 };

const START_MS = Date.parse('2026-02-02T14:30:52.000Z');
const pick = fc.nat(100);
const edge = fc.constantFrom<EdgePolicy>('all', 'all', 'ignore_failed', 'fail_fast');
const tasks = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc.tuple(
    ...Array.from({ length: count }, (_, index) =>
      fc
        .record({
          needs: fc.array(fc.tuple(fc.nat(count - 1), edge), { maxLength: 2 }),
          files: fc.subarray(['a/**', 'a/x.ts', 'b.ts'], { maxLength: 1 }),
        })
        .map(({ needs, files }): Task => {
          const after = Object.fromEntries(needs.map(([other, policy]) => [`T${other + 1}`, policy]));
          return task(`T${index + 1}`, { after, files });
        }),
    ),
  ),
);

const moves = ['end', 'end', 'end', 'fail', 'start', 'merge', 'merge', 'conflict', 'block', 'done', 'answer'] as const;
const acts = ['pause', 'continue', 'abort', 'checkpoint', 'rewind', 'stale'] as const;
const move = fc.record({
  do: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...moves) }, { weight: 1, arbitrary: fc.constantFrom(...acts) }),
  pick,
});
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

const story = fc.record({
  tasks,
  sequential: fc.boolean(),
  childrenAtOnce: fc.integer({ min: 1, max: 3 }),
  replans: fc.nat(1),
  moves: fc.array(move, { maxLength: 40, size: 'max' }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

interface Told {
  readonly before: State;
  readonly event: Recorded;
  readonly after: State;
}

const one = <T>(items: readonly T[], at: number): T | undefined => items[at % Math.max(1, items.length)];

const byBuilder = (run: Live, item: ReportItem): Command | null => {
  const lease = currentInvocation(run)?.lease;
  return lease ? { type: 'report', lease: lease.number, seq: lease.seq + 1, items: [item] } : null;
};

const flaw = { category: 'design_flaw', error: 'conflict', fingerprint: 'f', unblock: null } as const;

const ofMerge = (run: Live, what: 'merge' | 'conflict' | 'block'): Command | null => {
  const [next] = toMerge(run);
  if (!next?.id) return null;
  const { id } = next.task;
  if (what === 'merge')
    return byBuilder(run, { fact: 'branch.merged', data: { task: id, child: next.id, commit: commit('e') } });
  const failure = what === 'block' ? { ...flaw, category: 'blocker' as const } : flaw;
  return byBuilder(run, { fact: 'agent.failed', failure, task: id });
};

const endOfOne = (run: Live, { do: what, pick: at }: Move): Command | null => {
  const child = one(runningChildren(run), at);
  if (!child?.id) return null;
  const done = what === 'end';
  return {
    type: 'end_child',
    task: child.task.id,
    child: child.id,
    outcome: done ? 'completed' : 'failed',
    reason: done ? null : 'no',
    base: commit('a'),
    // Work of its own each time: 40 digits of where it was done.
    commit: done && at % 7 > 0 ? run.head.version.toString(16).padStart(40, '0') : null,
    spent: nothingSpent,
  };
};

const ofPerson = (run: State & { lifecycle: 'live' | 'ended' }, { do: what, pick: at }: Move): Command | null => {
  switch (what) {
    case 'pause':
    case 'abort':
      return { type: what, reason: null };
    case 'continue':
      return { type: what };
    case 'checkpoint':
      return { type: what, name: 'here' };
    case 'rewind':
      return { type: what, checkpoint: one(run.checkpoints, at)?.id ?? null };
    default:
      return null;
  }
};

const commandFor = (state: State, told: Move, given: readonly Command[]): Command | null => {
  if (state.lifecycle === 'absent') return null;
  if (told.do === 'stale') return one(given, told.pick) ?? null;
  if (state.lifecycle === 'ended') return told.do === 'rewind' ? ofPerson(state, told) : null;
  switch (told.do) {
    case 'end':
    case 'fail':
      return endOfOne(state, told);
    case 'start':
      return { type: 'start', dispatch: currentInvocation(state)?.dispatch ?? 0, worker: workerOf(`w${told.pick}`) };
    case 'merge':
    case 'conflict':
    case 'block':
      return ofMerge(state, told.do);
    case 'done':
      return byBuilder(state, { fact: 'agent.completed', data: { output: {} } });
    case 'answer': {
      const key = one(openInteraction(state)?.options ?? [], told.pick)?.key;
      return key ? { type: 'answer', interaction: null, answer: key, note: null } : null;
    }
    default:
      return ofPerson(state, told);
  }
};

const wantedOf = (run: Live): Move['do'] => {
  if (runningChildren(run).length > 0) return 'end';
  if (openInteraction(run)) return 'answer';
  if (!currentInvocation(run)?.lease) return 'start';
  return toMerge(run).length > 0 ? 'merge' : 'done';
};

const simulate = ({ tasks: given, sequential, childrenAtOnce, replans, moves: steps }: Story) => {
  let state: State = absent;
  const told: Told[] = [];
  const commands: Command[] = [];
  const give = (command: Command | null): void => {
    if (!command) return;
    const now = new Date(START_MS + (told.length + commands.length) * 1_000).toISOString();
    commands.push(command);
    const decided = (() => {
      try {
        return conclude(state, command, contextOf({ now })).events;
      } catch (error) {
        if (error instanceof RuleViolation) return [];
        throw error;
      }
    })();
    for (const fact of decided) {
      const before = state;
      const event = recordedOf(fact, before.head.version + 1, now);
      state = evolve(before, event);
      told.push({ before, event, after: state });
    }
  };
  const policy = { ...limits, childrenAtOnce, replans };
  give({
    type: 'submit',
    submission: submission({ workflow: 'multi_task', tasks: [...given], sequential, policy }),
  });
  const move = (next: Move) => give(commandFor(state, next, commands));
  for (const next of steps) move(next);
  /** Everybody does what is wanted of them. */
  const settle = (): void => {
    give({ type: 'continue' });
    for (let rounds = 0; rounds < 60 && state.lifecycle === 'live'; rounds += 1)
      move({ do: wantedOf(state), pick: rounds });
  };
  return { told, settle, state: () => state };
};

const always = (holds: (told: Story) => void) => fc.assert(fc.property(story, holds), RUNS);
const eachFact = (holds: (told: Told) => void) =>
  always((given) => {
    for (const told of simulate(given).told) holds(told);
  });

test('a task begins only where there is room, its dependencies let it, and no other one touches its files', () =>
  eachFact(({ before, event }) => {
    if (event.type !== 'child.started' || before.lifecycle !== 'live') return;
    const child = before.children.find(({ task: { id } }) => id === event.data.task);
    expect(child?.status).toBe('pending');
    if (!child) return;
    expect(before.paused ?? before.aborting).toBeNull();
    expect(runningChildren(before).length).toBeLessThan(before.childrenAtOnce);
    for (const other of runningChildren(before)) expect(shareFiles(other.task, child.task)).toBe(false);
    for (const {
      edge: { policy },
      on,
    } of dependenciesOf(before, child))
      expect(on.status === 'completed' || (policy === 'ignore_failed' && isLost(on))).toBe(true);
  }));

test('every start is a run and a try of its own', () =>
  always((given) => {
    const started = simulate(given).told.flatMap(({ event }) => (event.type === 'child.started' ? [event.data] : []));
    expect(new Set(started.map(({ child }) => child)).size).toBe(started.length);
  }));

test('a run of tasks completes only with every task completed and merged', () =>
  eachFact(({ before, event }) => {
    if (event.type !== 'orchestration.completed' || before.lifecycle !== 'live') return;
    for (const child of before.children) {
      expect(child.status).toBe('completed');
      expect(child.commit === null || child.merged !== null).toBe(true);
    }
  }));

test('a run of tasks does not end while one of them runs, unless it is told so by the last one', () =>
  eachFact(({ after }) => {
    if (after.lifecycle === 'ended') expect(runningChildren(after)).toEqual([]);
  }));

test('it waits for a named reason as long as it lives, and nothing is left to follow by itself', () =>
  always((given) => {
    const simulation = simulate(given);
    const state = simulation.state();
    expect(follow(state, contextOf())).toBeNull();
    const reason = waitReason(state, nothingObserved, contextOf().now);
    expect(reason === null).toBe(state.lifecycle === 'ended');
    expect(reason?.kind).not.toBe('routing');
    if (state.lifecycle !== 'absent') expect(StateDocument.parse(stateDocument(state, reason)).id).toBe(state.id);
  }));

test('whatever happened, it ends once everybody does what is wanted of them', () =>
  always((given) => {
    const simulation = simulate(given);
    simulation.settle();
    expect(simulation.state().lifecycle).toBe('ended');
  }));
