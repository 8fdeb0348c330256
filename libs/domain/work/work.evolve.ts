import type { Recorded } from '#events';
import { seen } from '../agents/agents.evolve.ts';
import type { Change, Evolvers } from '../context.ts';
import { currentInvocation, type HandedOut, type Run } from '../run.ts';

const change = (run: Run, id: string, to: (assignment: HandedOut) => Partial<HandedOut>): Change => ({
  assignments: run.assignments.map((assignment) =>
    assignment.id === id ? { ...assignment, ...to(assignment) } : assignment,
  ),
});

export const workEvolvers: Evolvers<
  'work.handed_out' | 'work.taken' | 'work.renewed' | 'work.returned' | 'work.closed'
> = {
  'work.handed_out': (run, { time, data: { lease: _lease, seq, work, ...asked } }) => ({
    invocations: seen(run, seq),
    assignments: [
      ...run.assignments,
      {
        id: work,
        ...asked,
        invocation: currentInvocation(run)?.number ?? 0,
        attempt: currentInvocation(run)?.attempt ?? 1,
        openedAt: time,
        holder: null,
        returned: [],
        closed: null,
        used: false,
      },
    ],
  }),
  'work.taken': (run, { version, time, actor, data: { work, taker, until } }) =>
    change(run, work, () => ({ holder: { lease: version, by: actor, taker, since: time, until } })),
  'work.renewed': (run, { data: { work, until } }) =>
    change(run, work, ({ holder }) => ({ holder: holder && { ...holder, until } })),
  'work.returned': (run, { time, data: { work, lease, reason } }) =>
    change(run, work, ({ holder, returned }) => ({
      holder: null,
      returned: [...returned, { lease, by: holder?.by ?? 'nobody', reason, time }],
    })),
  'work.closed': (run, { actor, data: { work, ...closed } }) => ({
    ...change(run, work, () => ({ closed: { ...closed, by: actor } })),
    // Nobody is wanted any more: the run ends in this append.
    wanted: closed.outcome === 'withdrawn' ? null : run.wanted,
  }),
};

/** Whether this fact is what became of an answer. */
const isOutcomeOf = ({ kind, about }: HandedOut, event: Recorded): boolean => {
  switch (event.type) {
    // What a worker that had it in hand failed at; a worker that died had not.
    case 'failure.recorded':
      return event.data.seq !== null;
    case 'plan.created':
    case 'questions.raised':
      return kind === 'plan';
    case 'map.drawn':
      return kind === 'decompose';
    case 'step.tried':
    case 'step.succeeded':
      return kind === 'step' && event.data.step === about;
    case 'work.collected':
      return kind === 'fix';
    default:
      return false;
  }
};

/** An answer is used once: the worker that took it in and died before it told leaves it to the next one. */
export const usedUp = (run: Run, event: Recorded): Change => {
  const last = run.assignments.at(-1);
  return last?.closed && !last.used && isOutcomeOf(last, event) ? change(run, last.id, () => ({ used: true })) : {};
};
