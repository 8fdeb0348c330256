import { expect, test } from 'vitest';
import type { Event, EventOf, EventType, Recorded } from '#events';
import { type Detail, describe } from './describe-event.ts';
import { renderLine } from './line.ts';
import { activity, advance, noProgress, type Progress } from './progress.ts';
import { renderResult } from './result.ts';
import { renderStatus } from './state.ts';
import { plain } from './style.ts';
import { aResult, aState } from './testing/documents.ts';

const NOTHING = { usd: 0, inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const child = 'orch_20260202_143052_a1b2c3d4e5f6';

const recorded = <T extends EventType>(type: T, data: EventOf<T>['data']): Recorded =>
  ({ type, v: 1, data, time: '2026-02-02T14:30:52.000Z' }) as Recorded & { data: Event['data'] }; // by the signature

const task = (id: string, goal: string, ...after: readonly string[]) => ({
  id,
  goal,
  depends_on: after.map((other) => ({ task: other, policy: 'all' as const })),
  files: [],
  plan: null,
});

const planned = recorded('children.planned', {
  tasks: [task('T1', 'Add a page\nwith a form'), task('T2', 'Add a link to it', 'T1'), task('T3', 'Add CI')],
  atOnce: 8,
});
const startOf = (id: string, number = 1) => recorded('child.started', { task: id, child, try: number, bases: [] });
const endOf = (id: string, outcome: 'completed' | 'failed', reason: string | null = null) =>
  recorded('child.ended', { task: id, child, outcome, reason, base: COMMIT, commit: COMMIT, spent: NOTHING });

const after = (...events: readonly Recorded[]): Progress => events.reduce(advance, noProgress);
const lines = (event: Recorded, detail: Detail, before: Progress = noProgress): readonly string[] =>
  describe(event, advance(before, event), detail).map((line) => renderLine(line, plain));

test('tasks are named once with what they wait for, and counted as they end', () => {
  expect(lines(planned, 'brief')).toEqual([
    '→ 3 tasks, at most 8 at once',
    '  T1 Add a page',
    '  T2 Add a link to it (after T1)',
    '  T3 Add CI',
  ]);
  const under = after(planned, startOf('T1'), startOf('T3'));
  expect(lines(endOf('T1', 'completed'), 'brief', under)).toEqual(['✓ 1/3 T1 Add a page']);
  expect(lines(endOf('T3', 'failed', 'the tests are red\n…'), 'brief', under)).toEqual([
    '✗ 1/3 T3 Add CI: failed, the tests are red',
  ]);
  const skipped = recorded('child.skipped', { task: 'T2', reason: 'T1 failed' });
  expect(lines(skipped, 'brief', under)).toEqual(['! task T2 skipped: T1 failed']);
});

test('that a task begins is shown where everything is, or when it is done again', () => {
  const before = after(planned);
  expect(lines(startOf('T1'), 'brief', before)).toEqual([]);
  expect(lines(startOf('T1'), 'full', before)).toEqual([`→ task T1 started as ${child}`]);
  expect(lines(startOf('T1', 2), 'brief', before)).toEqual([`→ task T1 started as ${child} (try 2)`]);
  const merged = recorded('branch.merged', { lease: 1, seq: 1, task: 'T1', child, commit: COMMIT });
  expect(lines(merged, 'full', before)).toEqual(['✓ task T1 merged at commit a1b2c3d4e5']);
});

test('a spinner says which tasks are at work', () => {
  const before = after(planned, startOf('T1'), startOf('T3'));
  expect(activity(before, startOf('T3'))).toBe('0 of 3 tasks ended; at work: T1, T3');
  const last = endOf('T3', 'completed');
  expect(activity(after(planned, startOf('T3'), last), last)).toBe('1 of 3 tasks ended');
});

test('a result of tasks says how many completed, and names the commits by them', () => {
  const aTask = { outcome: null, commit: COMMIT, merged: true, try: 1, depends_on: [], reason: null };
  const state = aState({
    steps: [],
    tasks: [
      { ...aTask, id: 'T1', goal: 'Add a page\nwith a form', status: 'completed', orchestration: child },
      { ...aTask, id: 'T2', goal: 'Add CI', status: 'failed', orchestration: child, reason: 'red', try: 2 },
    ],
    outcome: {
      kind: 'failed',
      reason: '1 of 2 tasks completed; T2 failed: red',
      result: aResult({ tasks: { completed: 1, total: 2 }, commits: [{ step: 'T1', commit: COMMIT }] }),
    },
  });
  const shown = renderResult(state, plain).map((line) => line.trimEnd());
  expect(shown).toContain('  tasks     1 of 2 tasks');
  expect(shown).toContain('  commits   a1b2c3d4 T1 Add a page');
  const status = renderStatus(state, plain, { program: 'studio', now: new Date(state.created_at) });
  expect(status.map((line) => line.replaceAll(/ {2,}/g, '  ').trimEnd())).toEqual(
    expect.arrayContaining(['tasks', `  ✓ T1  Add a page  ${child}`, `  ✗ T2  Add CI  ${child}  2 tries  red`]),
  );
});
