import type { ReportItem } from '#domain';
import type { Event, EventOf } from '#events';
import { policy, submitted } from '../../../test/support/facts.ts';
import { fact } from '../context.ts';

/** Questions of a planner and what becomes of them, for tests. Question `q1` asks "q1?" and has the default "default of q1". */

type Opened = EventOf<'interaction.opened'>['data'];

/** When `given` ends and `when` begins, as far as deadlines go: questions wait for a minute, decisions for an hour. */
export const limits = { ...policy, questionMs: 60_000, decisionMs: 3_600_000 };

/** A goal that a planner has under lease 4, where somebody can answer. */
export const attended = (change: Parameters<typeof submitted>[0] = {}): Event =>
  submitted({ attended: true, policy: limits, ...change });

const question = (id: string, options: readonly string[] = []) => ({
  id,
  question: `${id}?`,
  options: [...options],
  default: `default of ${id}`,
});

/** The planner asks, and lets go of its lease. */
export const asks = (
  ids: readonly string[],
  { round = 1, readiness = 0.2 }: { readonly round?: number; readonly readiness?: number } = {},
): readonly ReportItem[] => [
  {
    fact: 'questions.raised',
    data: { round, focus: 'scope and success', readiness, questions: ids.map((id) => question(id)) },
  },
  { fact: 'lease.released', data: { reason: 'asked' } },
];

export const askedAs = (number: number, id: string, change: Partial<Opened> = {}): Event =>
  fact('interaction.opened', {
    interaction: `int_${number}`,
    kind: 'question',
    prompt: `${id}?`,
    options: [
      { key: `default of ${id}`, label: 'the default' },
      { key: 'enough', label: 'that is enough: plan with the defaults for what is open' },
    ],
    deadline: null,
    default: `default of ${id}`,
    round: 1,
    focus: 'scope and success',
    about: id,
    ...change,
  });

/** Nobody answered: the default of this question stands. */
export const assumed = (number: number, id: string, outcome: 'expired' | 'withdrawn' = 'expired'): Event =>
  fact('interaction.closed', {
    interaction: `int_${number}`,
    outcome,
    answer: `default of ${id}`,
    note: null,
    assumed: true,
  });
