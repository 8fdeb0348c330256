import { seen } from '../agents/agents.evolve.ts';
import type { Evolvers } from '../context.ts';
import { currentInvocation } from '../run.ts';

export const contextEvolvers: Evolvers<
  'context.allocated' | 'context.given' | 'context.refused' | 'context.optimised' | 'learnings.captured'
> = {
  'context.allocated': (run, { data: { lease: _lease, seq, ...allocated } }) => ({
    invocations: seen(run, seq),
    context: { ...run.context, allocated },
  }),
  'context.given': (run, { data: { lease: _lease, seq, ...given } }) => ({
    invocations: seen(run, seq),
    context: {
      ...run.context,
      given: [...run.context.given, { ...given, invocation: currentInvocation(run)?.number ?? 0 }],
      refused: null,
    },
  }),
  'context.refused': (run, { data: { lease: _lease, seq, ...refused } }) => ({
    invocations: seen(run, seq),
    context: { ...run.context, refused },
  }),
  'context.optimised': (run, { data: { lease: _lease, seq, ...optimised } }) => ({
    invocations: seen(run, seq),
    context: { ...run.context, optimised: [...run.context.optimised, optimised] },
  }),
  'learnings.captured': (run, { time, data: { entries, seq } }) => ({
    invocations: seen(run, seq),
    learnings: [...run.learnings, ...entries.map(({ domain, text }) => ({ domain, text, time }))],
  }),
};
