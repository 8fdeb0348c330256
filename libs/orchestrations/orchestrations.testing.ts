import { createMemoryEventLog, type EventLog } from '#events';
import { policy, routing } from '../../test/support/facts.ts';
import { createOrchestrations, type OrchestrationsOptions } from './orchestrations.ts';
import type { Policies } from './policies.ts';

/** One table, whatever hash a run names. */
const policies: Policies = { current: policy, routing: async () => routing, publish: async () => undefined };

/** A clock that tests set; it starts at the same moment. */
export const createClock = (start = '2026-02-02T14:30:52.000Z') => {
  let at = new Date(start);
  return {
    now: () => at,
    forward: (ms: number): void => {
      at = new Date(at.getTime() + ms);
    },
  };
};

/** Processes that share a log. */
export const createProcesses = (log: EventLog = createMemoryEventLog(), clock = createClock()) => {
  return {
    log,
    clock,
    policies,
    process: (change: Partial<OrchestrationsOptions> = {}) =>
      createOrchestrations({ log, policies, now: clock.now, draw: () => 0.5, ...change }),
  };
};
