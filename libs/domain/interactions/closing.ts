import type { Interaction } from '#contracts';
import type { EventOf } from '#events';
import { type Decision, fact } from '../context.ts';
import { type Live, openInteractions } from '../run.ts';
import { closeOpenWork } from '../work/work.decide.ts';

type Closed = EventOf<'interaction.closed'>['data'];

/** An interaction that is open gets its one outcome. */
export const close = (
  { id }: Interaction,
  outcome: Closed['outcome'],
  given: Partial<Pick<Closed, 'answer' | 'note' | 'assumed'>> = {},
): EventOf<'interaction.closed'> =>
  fact('interaction.closed', { interaction: id, outcome, answer: null, note: null, assumed: false, ...given });

/** The default of a question stands, because nobody said otherwise. */
export const assumeDefault = (question: Interaction, outcome: 'expired' | 'withdrawn'): EventOf<'interaction.closed'> =>
  close(question, outcome, { answer: question.default, assumed: true });

/**
 * Closes what is open, since nobody's answer or work matters any more. Only for a run that ends in the same append.
 * @param but closed already
 */
export const withdrawOpen = (run: Live, but: Interaction | null = null): Decision => [
  ...openInteractions(run)
    .filter(({ id }) => id !== but?.id)
    .map((interaction) => close(interaction, 'withdrawn')),
  ...closeOpenWork(run, 'withdrawn'),
];
