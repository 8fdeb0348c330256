import type { EnginesState } from '#contracts';
import type { Run } from '../run.ts';

export const enginesDocument = ({ engines }: Run): EnginesState => ({
  chosen: engines.chosen.map(({ role, work, engine, reason, candidates }) => ({
    agent: role,
    work,
    engine,
    reason,
    candidates: [...candidates],
  })),
  out: engines.outages.map(({ engine, provider, until, error }) => ({ engine, provider, until, error })),
  failed_over: engines.failedOver.map(({ role, from, to, reason, time }) => ({ agent: role, from, to, reason, time })),
});
