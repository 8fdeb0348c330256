import type { EngineAnswer, WorkKind } from '#contracts';
import type { ReportItem } from '#domain';
import type { Event, EventOf, EventType } from '#events';
import { commit } from './facts.ts';

/** Work that is handed out, and what becomes of it, for tests. A lease lasts for an hour. */

const fact = <T extends Extract<EventType, `work.${string}`>>(type: T, data: EventOf<T>['data']): Event =>
  // TypeScript does not relate a generic type to its member of the union.
  ({ type, v: 1, data }) as unknown as Event;

type HandedOut = EventOf<'work.handed_out'>['data'];

export const handsOut = (
  number: number,
  kind: WorkKind,
  about: string = kind,
  change: Partial<Omit<HandedOut, 'lease' | 'seq'>> = {},
): readonly ReportItem[] => [
  {
    fact: 'work.handed_out',
    data: {
      work: `work_${number}`,
      role: kind === 'plan' ? 'planner' : 'builder',
      kind,
      about,
      round: null,
      request: { kind },
      commit: commit('a'),
      leaseMs: 3_600_000,
      deadline: null,
      ...change,
    },
  },
  { fact: 'lease.released', data: { reason: 'asked' } },
];

const UNTIL = '2026-02-02T16:00:00.000Z';

export const taken = (number = 1, id = 't1', until = UNTIL): Event =>
  fact('work.taken', { work: `work_${number}`, taker: { id, host: 'host-2' }, until });

export const returned = (lease: number, reason: 'given_back' | 'expired' = 'expired'): Event =>
  fact('work.returned', { work: 'work_1', lease, reason });

export const workClosed = (change: Partial<EventOf<'work.closed'>['data']> = {}): Event =>
  fact('work.closed', { work: 'work_1', outcome: 'done', lease: null, answer: null, commit: null, ...change });

export const handIn = (lease: number, answer: EngineAnswer, at: string | null = null) =>
  ({ type: 'hand_in_work', lease, answer, learnings: [], commit: at }) as const;

export const does = (summary = 'wrote it'): EngineAnswer => ({ type: 'done', summary });
