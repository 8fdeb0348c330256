import { describe, expect, test } from 'vitest';
import type { EventType, Recorded } from '#events';
import { goldenEvents, goldenNames } from '../../test/history/golden.ts';
import { compareRuns } from './compare.ts';
import { timeline } from './timeline.ts';
import { documentAt } from './view.ts';

/** Texts that name the run have another hash in every run. */
const namedAnew = (event: Recorded): Recorded =>
  event.type === 'context.given'
    ? {
        ...event,
        data: {
          ...event.data,
          pieces: event.data.pieces.map((piece) =>
            ['reserved', 'plans', 'working'].includes(piece.pool) ? { ...piece, hash: 'another', tokens: 1 } : piece,
          ),
        },
      }
    : event;

/** The same run at another time, in another place, by another worker. */
const elsewhere = (events: readonly Recorded[]): readonly Recorded[] =>
  events.map((event) => {
    const moved = {
      id: `other-${event.version}`,
      stream: 'orch_20270303_010203_ffffffffffff',
      hash: `${event.version}`,
    };
    const time = new Date(Date.parse(event.time) + 86_400_000).toISOString();
    return { ...namedAnew(event), ...moved, time };
  });

const without = (events: readonly Recorded[], ...types: readonly EventType[]) =>
  events.filter(({ type }) => !types.includes(type));

describe.each(goldenNames)('of the golden log %s', (name) => {
  const events = goldenEvents(name);

  test('every event is one line of the timeline, in order, none before the first', () => {
    const rows = [...timeline(events)];
    expect(rows.map(({ version, type }) => ({ version, type }))).toEqual(
      events.map(({ version, type }) => ({ version, type })),
    );
    for (const [index, { text, offsetMs }] of rows.entries()) {
      expect(text).toMatch(/^\S.*$/);
      expect(offsetMs).toBeGreaterThanOrEqual(rows[index - 1]?.offsetMs ?? 0);
    }
  });

  test('the timeline up to a version is the beginning of the whole', () => {
    const rows = [...timeline(events)];
    for (const { version } of events) expect([...timeline(events, { to: version })]).toEqual(rows.slice(0, version));
  });

  test('the document at a version knows nothing of what came later', () => {
    for (const { version, time } of events)
      expect(documentAt(events, version)).toMatchObject({ version, updated_at: time });
  });

  test('the same run elsewhere is no different', () => {
    const incidental = ['agent.progressed', 'agent.started', 'lease.released'] as const;
    expect(compareRuns(events, elsewhere(events))).toEqual({
      same: true,
      facts: without(events, ...incidental).length,
    });
    expect(compareRuns(events, without(elsewhere(events), ...incidental))).toMatchObject({ same: true });
  });
});

describe('two golden logs part', () => {
  const compare = (left: string, right: string) => compareRuns(goldenEvents(left), goldenEvents(right));

  test('where one goal came with a plan and the other did not', () =>
    expect(compare('plan-then-build', 'build-with-a-given-plan')).toMatchObject({
      same: false,
      facts: 0,
      difference: { field: 'data.mode', left: 'explicit', right: 'implicit' },
    }));

  test('where a person answered otherwise', () =>
    expect(compare('plan-then-build', 'route-declined')).toMatchObject({
      same: false,
      facts: 3,
      left: { version: 4, type: 'interaction.closed', text: 'int_1 answered: y' },
      difference: { field: 'data.outcome', left: 'answered', right: 'declined' },
    }));

  test('where only one failed', () =>
    expect(compare('critical-failure-halts', 'transient-failures-then-success')).toMatchObject({
      same: false,
      left: { type: 'failure.recorded' },
      right: { type: 'failure.recorded' },
      difference: { field: 'data.category', left: 'critical', right: 'transient' },
    }));

  test('where one was paused', () =>
    expect(compare('paused-and-continued', 'aborted-at-work')).toMatchObject({
      same: false,
      left: { type: 'orchestration.paused', text: 'paused: lunch' },
      right: { type: 'step.started', text: 'step_2 started' },
      difference: { field: 'type' },
    }));
});
