import type { EngineAnswer, WorkKind } from '#contracts';
import { type Command, currentInvocation, type Live, openAssignment, type ReportItem, type State } from '#domain';
import { commit } from './facts.ts';
import { fc } from './fast-check.ts';
import { mapOf, planFor } from './honest-worker.ts';
import { handIn, handsOut } from './work-facts.ts';

/** What agents ask people for while they work, and what people do for them, in a simulated history. */

/** Told under a lease, like any report. */
export type AskMove =
  | { readonly do: 'hand_out'; readonly pick: number; readonly expires: boolean }
  | { readonly do: 'permit' | 'drop'; readonly pick: number };

export type HandMove =
  | { readonly do: 'take'; readonly taker: string }
  | { readonly do: 'hand_in'; readonly pick: number; readonly fits: boolean }
  | { readonly do: 'give_back' | 'renew'; readonly pick: number };

const pick = fc.nat(100);

export const asks: fc.Arbitrary<AskMove> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hand_out' as const), pick, expires: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('permit' as const, 'permit' as const, 'drop' as const), pick }),
  },
);

export const ofHands: fc.Arbitrary<HandMove> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), taker: fc.constantFrom('t1', 't2') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hand_in' as const), pick, fits: fc.nat(4).map((n) => n > 0) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('give_back' as const, 'renew' as const), pick }) },
);

/** What the worker that has the turn could have somebody do. */
const handedOut = (run: Live): { readonly kind: WorkKind; readonly about: string } | null => {
  const role = currentInvocation(run)?.role;
  if (role === 'planner') return { kind: 'plan', about: 'plan' };
  if (role === 'architect') return { kind: 'decompose', about: 'decompose' };
  const step = run.steps.find(({ status }) => status === 'active');
  if (step) return { kind: 'step', about: step.id };
  const gate = run.gates.find(({ status }) => status === 'failed');
  return gate ? { kind: 'fix', about: gate.gate } : null;
};

export const askItems = (run: Live, move: AskMove, now: string): readonly ReportItem[] => {
  switch (move.do) {
    case 'hand_out': {
      const what = handedOut(run);
      if (!what) return [];
      const deadline = move.expires ? new Date(Date.parse(now) + 45_000).toISOString() : null;
      const role = currentInvocation(run)?.role ?? 'builder';
      const change = { role, leaseMs: 60_000, deadline };
      return handsOut(run.assignments.length + 1, what.kind, what.about, change);
    }
    case 'permit': {
      const command = move.pick % 2 === 0 ? 'npm test' : null;
      return [{ fact: 'permission.asked', data: { engine: 'claude', kind: 'execute', title: 'Run it', command } }];
    }
    case 'drop': {
      const asked = run.interactions.filter(({ kind }) => kind === 'permission');
      const interaction = asked[move.pick % Math.max(1, asked.length)]?.id ?? 'int_1';
      return [{ fact: 'permission.dropped', interaction }];
    }
  }
};

const answerTo = (kind: WorkKind, steps: number): EngineAnswer => {
  switch (kind) {
    case 'plan':
      return { type: 'plan', plan: planFor(steps), cautions: [] };
    case 'decompose':
      return { type: 'map', map: mapOf(steps), cautions: [] };
    default:
      return { type: 'done', summary: 'did it' };
  }
};

const UNFIT: readonly EngineAnswer[] = [
  { type: 'cannot', reason: 'it is locked', unblock: 'give me a key' },
  { type: 'failed', error: 'it broke' },
  { type: 'failed', error: 'nobody answers', provider: 'down' },
  { type: 'done', summary: '' },
];

/** Leases under which somebody took work of this run, ended ones too. */
const leasesOf = (state: State): readonly number[] =>
  state.lifecycle === 'absent'
    ? []
    : state.assignments.flatMap(({ holder, returned, closed }) => [
        ...returned.map(({ lease }) => lease),
        ...[holder?.lease, closed?.lease].flatMap((lease) => lease ?? []),
      ]);

/** Under the lease that holds, mostly; else under any that ever did, or none that did. */
export const handCommand = (state: State, move: HandMove, steps: number): Command => {
  if (move.do === 'take') return { type: 'take_work', taker: { id: move.taker, host: 'host-2' } };
  const open = state.lifecycle === 'live' ? openAssignment(state) : undefined;
  const leases = leasesOf(state);
  const some = leases[move.pick % Math.max(1, leases.length)] ?? 1;
  const lease = move.pick % 4 === 0 ? some : (open?.holder?.lease ?? some);
  if (move.do === 'renew') return { type: 'renew_work', lease };
  if (move.do !== 'hand_in') return { type: 'give_back_work', lease };
  const unfit = UNFIT[move.pick % UNFIT.length];
  const answer = move.fits || !unfit ? answerTo(open?.kind ?? 'step', steps) : unfit;
  return handIn(lease, answer, commit(String(move.pick % 10)));
};

/** What somebody does who does all that is handed out. */
export const doneByHand = (run: Live, steps: number): Command | null => {
  const open = openAssignment(run);
  if (!open) return null;
  return open.holder
    ? handIn(open.holder.lease, answerTo(open.kind, steps), commit('d'))
    : { type: 'take_work', taker: { id: 't3', host: 'host-2' } };
};
