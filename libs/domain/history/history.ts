import type { Evolvers } from '../context.ts';
import { planGiven } from '../agents/agents.evolve.ts';
import { type Run, updateCurrent } from '../run.ts';

/** Whoever had the turn lost it: the run goes on from here with a new order. */
const orderedAnew = (run: Run, reason: 'rewound' | 'forked') => ({
  wanted: { reason, hint: null },
  paused: null,
  aborting: null,
  invocations: updateCurrent(run, { status: 'active', dispatch: null, lease: null, leases: 0, error: null }),
});

export const historyEvolvers: Evolvers<'orchestration.resumed' | 'orchestration.forked'> = {
  'orchestration.resumed': (run) => orderedAnew(run, 'rewound'),
  'orchestration.forked': (run, { data: { changes, ...forkedFrom } }) => ({
    ...orderedAnew(run, 'forked'),
    forkedFrom,
    ...(changes.plan ? planGiven(changes.plan, changes.planSource ?? 'the fork') : {}),
  }),
};
