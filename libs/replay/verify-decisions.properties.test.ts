import { expect, test } from 'vitest';
import type { Recorded } from '#events';
import { routing } from '../../test/support/facts.ts';
import { fc } from '../../test/support/fast-check.ts';
import { story } from '../../test/support/moves.ts';
import { simulate } from '../../test/support/simulation.ts';
import { verifyDecisions } from './verify-decisions.ts';

const always = (holds: (log: readonly Recorded[]) => void) =>
  fc.assert(
    fc.property(story(), (told) => holds(simulate(told).log)),
    { numRuns: 25 },
  );

const verify = (log: readonly Recorded[]) => verifyDecisions(log, () => routing);

test('the decisions of any history are decided again as they were', () =>
  always((log) => {
    expect(verify(log)).toMatchObject({ outcome: 'agrees', events: log.length });
  }));

/** The event with one field of its decision changed, or `null` where it is no decision. */
const tampered = (event: Recorded): Recorded | null => {
  switch (event.type) {
    case 'route.decided':
      return { ...event, data: { ...event.data, confidence: event.data.confidence / 2 } };
    case 'agent.dispatched':
      return { ...event, data: { ...event.data, attempt: event.data.attempt + 1 } };
    case 'recovery.decided':
      return { ...event, data: { ...event.data, reason: 'because' } };
    case 'interaction.opened':
      return { ...event, data: { ...event.data, prompt: 'Well?' } };
    case 'handoff.recorded':
      return { ...event, data: { ...event.data, context: {} } };
    case 'orchestration.completed':
      return { ...event, data: { commit: 'f'.repeat(40) } };
    case 'orchestration.halted':
      return { ...event, data: { reason: 'because' } };
    default:
      return null;
  }
};

/** Of a run that somebody else drives its end is told, not decided. */
const isTold = ([first]: readonly Recorded[], { type }: Recorded): boolean =>
  first?.type === 'goal.submitted' && first.data.driver === 'outside' && type === 'orchestration.completed';

test('any decision that is changed in a copy of the log is found and named', () =>
  always((log) => {
    for (const [index, event] of log.entries()) {
      const changed = isTold(log, event) ? null : tampered(event);
      if (!changed) continue;
      expect(verify(log.with(index, changed))).toMatchObject({
        outcome: 'differs',
        version: event.version,
        type: event.type,
      });
    }
  }));

/** Going back overrules what would have followed. */
const goesBack = (event: Recorded | undefined): boolean =>
  event?.type === 'orchestration.resumed' ||
  (event?.type === 'interaction.closed' && event.data.outcome === 'superseded');

test('a decision that is missing from a copy of the log is found where the next event stands, if that overrules nothing', () =>
  always((log) => {
    for (const [index, event] of log.entries()) {
      if (!tampered(event) || index === log.length - 1 || goesBack(log[index + 1])) continue;
      expect(verify(log.toSpliced(index, 1))).toMatchObject({ outcome: 'differs', version: event.version + 1 });
    }
  }));
