import { expect, test } from 'vitest';
import { RuleViolation } from '#contracts';
import { fold } from '#domain';
import { fc } from '../../test/support/fast-check.ts';
import { type Story, story } from '../../test/support/moves.ts';
import { simulate } from '../../test/support/simulation.ts';
import { createProcesses } from './orchestrations.testing.ts';

const ID = 'orch_20260202_143052_a1b2c3d4e5f6';

/** Tells a story through processes that take turns, each with a cache of its own that is behind most of the time. */
const tell = async (told: Story, processes: number): Promise<void> => {
  const { log, process, clock } = createProcesses();
  const all = Array.from({ length: processes }, () => process());
  for (const [index, { command, time, rejected, events: expected }] of simulate(told).given.entries()) {
    // The ids of tasks have the time in them.
    clock.forward(Date.parse(time) - clock.now().getTime());
    const orchestrations = all[(index * 7) % processes] ?? process();
    try {
      const { state, events } = await orchestrations.execute(ID, command, { actor: 'person:alice' });
      expect(rejected).toBeNull();
      expect(events.map(({ version, type }) => [version, type])).toEqual(
        expected.map(({ version, type }) => [version, type]),
      );
      expect(fold(await log.read(ID))).toEqual(state);
    } catch (error) {
      if (!(error instanceof RuleViolation)) throw error;
      expect(error.code).toBe(rejected);
    }
  }
};

test('the log folds to the state that execute returned, at every version, however stale the caches are', () =>
  fc.assert(
    fc.asyncProperty(story(40), fc.integer({ min: 1, max: 3 }), async (told, processes) => {
      await tell(told, processes);
    }),
    { numRuns: 25 },
  ));
