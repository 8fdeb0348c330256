import { describe, expect, test } from 'vitest';
import { StateDocument } from '#contracts';
import { Event, type EventType, verifyChain } from '#events';
import { documentAt, verifyDecisions } from '#replay';
import { goldenEvents, goldenNames, goldenPolicy, goldenState, readGolden } from './golden.ts';

/**
 * A golden log is what a release wrote: it is read, folded and decided again for ever. Nobody writes one again; what is
 * expected of it changes only with a decision to show old runs in another way. New ones come from
 * `npx tsx test/history/record.ts`, which leaves alone what is there.
 */

/** Read and shown, but decided by nothing yet. */
const UNWRITTEN: ReadonlySet<EventType> = new Set(['orchestration.forked']);

describe.each(goldenNames)('the golden log %s', (name) => {
  test('has every byte that was recorded', () => {
    const { entries, head } = readGolden(name);
    expect(verifyChain(entries, head)).toEqual({ ok: true, ...head });
  });

  test('leads to the state that it led to when it was recorded', () => {
    const shown = documentAt(goldenEvents(name));
    // A later version may tell more about an old run, and nothing else about what it told.
    expect(shown).toMatchObject(goldenState(name));
    expect(StateDocument.safeParse(shown).error).toBeUndefined();
  });

  test('is decided again as it was, by the routing table of its time', () => {
    const events = goldenEvents(name);
    expect(verifyDecisions(events, goldenPolicy)).toMatchObject({ outcome: 'agrees', events: events.length });
  });
});

test('every kind of event that is written stands in a golden log', () => {
  const shown = new Set(goldenNames.flatMap((name) => goldenEvents(name).map(({ type, v }) => `${type}@${v}`)));
  const written = Event.options.filter(({ shape }) => !UNWRITTEN.has(shape.type.value));
  expect(written.map(({ shape }) => `${shape.type.value}@${shape.v.value}`).filter((kind) => !shown.has(kind))).toEqual(
    [],
  );
});

test('one golden log has a field that is kept apart', () => {
  expect(goldenNames.filter((name) => readGolden(name).blobs.size > 0)).toEqual(['plan-kept-apart']);
});
