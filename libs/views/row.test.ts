import { describe, expect, test } from 'vitest';
import { absent, evolve, nothingObserved, type State, stateDocument, waitReason } from '#domain';
import { goldenEvents, goldenNames } from '../../test/history/golden.ts';
import { rowOf } from './row.ts';

describe.each(goldenNames)('of the golden log %s', (name) => {
  test('the row of the list says what the document says, at every version', () => {
    let state: State = absent;
    for (const event of goldenEvents(name)) {
      state = evolve(state, event);
      if (state.lifecycle === 'absent') continue;
      const wait = waitReason(state, nothingObserved, state.updatedAt);
      const document = stateDocument(state, wait);
      expect(rowOf(state).row).toEqual({
        id: document.id,
        version: document.version,
        goal: document.goal.slice(0, 200),
        status: document.status,
        outcome: document.outcome?.kind ?? null,
        workflow: document.routing?.workflow ?? null,
        wait: wait?.kind ?? null,
        labels: document.labels,
        workspace: document.workspace,
        parent: document.parent,
        cost_usd: document.spend.usd,
        created_at: document.created_at,
        updated_at: document.updated_at,
      });
    }
  });
});
