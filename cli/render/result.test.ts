import { expect, test } from 'vitest';
import type { StateDocument } from '#contracts';
import { howToApply } from './next-steps.ts';
import { renderResult } from './result.ts';
import { renderStatus } from './state.ts';
import { plain } from './style.ts';
import { aResult, aState } from './testing/documents.ts';

const render = (state: StateDocument) => renderResult(state, plain).map((line) => line.trimEnd());

test('a completed run shows what was changed, checked and taken', () => {
  const state = aState({ outcome: { kind: 'completed', reason: null, result: aResult() } });
  expect(render(state)).toEqual([
    '✓ Done: Add a health endpoint',
    '  files     2 changed, +31 -1',
    '            A src/health.ts +30 -0',
    '            M src/server.ts +1 -1',
    '  commits   22222222 Add the route',
    '  steps     1 of 1 done',
    '  checks    4 passed',
    '  gates     lint red before, test passed, security not available',
    '  criteria  AC-1 passed',
    '  time      4.2 s, 1 retry',
    '  branch    studio/orch_1 at 22222222, base 11111111',
    '  sandbox   none',
    '  log       27 events, head abc',
  ]);
});

test('of many files the first are named, and of criteria those that did not pass', () => {
  const files = Array.from({ length: 23 }, (_, n) => ({
    path: `f${n}`,
    status: 'added' as const,
    added: 1,
    removed: 0,
  }));
  const criteria = [
    { id: 'AC-1', criterion: 'the linter is content', priority: 'should', status: 'failed', before: null },
  ] as const;
  const result = aResult({ files_changed: files, criteria: [...criteria] });
  const shown = render(aState({ outcome: { kind: 'completed', reason: null, result } }));
  expect(shown).toContain('  files     23 changed, +23 -0');
  expect(shown).toContain('            … and 3 more');
  expect(shown).not.toContain('            A f20 +1 -0');
  expect(shown).toContain('  criteria  AC-1 failed (the linter is content)');
});

test('a failed run says why, and offers what was verified so far', () => {
  const state = aState({ outcome: { kind: 'halted', reason: 'a secret is in the diff', result: aResult() } });
  expect(render(state).slice(0, 2)).toEqual(['✗ Halted: Add a health endpoint', '  a secret is in the diff']);
  expect(howToApply(state, 'studio', false)[0]).toMatch(/verified so far is on studio\/orch_1/);
});

test('nothing is offered to apply when nothing was changed or it is applied already', () => {
  const changed = aState({ outcome: { kind: 'completed', reason: null, result: aResult() } });
  const unchanged = aState({ outcome: { kind: 'completed', reason: null, result: aResult({ commit: null }) } });
  expect(howToApply(changed, 'studio', true)).toEqual([]);
  expect(howToApply(unchanged, 'studio', false)).toEqual([]);
  expect(howToApply(changed, 'bin/studio', false)).toContain(`take it: bin/studio apply ${changed.id}`);
});

test('a run that waits shows the question and the exact command for each answer', () => {
  const state = aState({
    status: 'waiting',
    interactions: [
      {
        id: 'int_1',
        kind: 'escalation',
        prompt: 'The builder cannot go on.\nLast error: no engine',
        options: [
          { key: 'r', label: 'retry' },
          { key: 'a', label: 'abort' },
        ],
        opened_at: '2026-02-02T14:30:52.000Z',
        deadline: null,
        default: null,
        round: null,
        focus: null,
        about: null,
        outcome: null,
        answer: null,
        assumed: false,
        by: null,
      },
    ],
  });
  const shown = renderStatus(state, plain, { program: 'studio', now: new Date('2026-02-02T14:31:52Z') });
  expect(shown).toContain(`  studio answer ${state.id} r --note "what to do differently"    # retry`);
  expect(shown).toContain(`  studio answer ${state.id} a    # abort`);
});
