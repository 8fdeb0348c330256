import type { EventOf } from '#events';
import { type Context, fact } from '../context.ts';
import type { Run } from '../run.ts';

type Opened = EventOf<'interaction.opened'>['data'];
export type Option = Opened['options'][number];

/** What is put to a person, before it has a number. */
export interface Question extends Pick<Opened, 'kind' | 'prompt'> {
  readonly options: readonly Option[];
  readonly deadline: string | null;
  readonly default?: string;
  readonly round?: number;
  readonly focus?: string;
  readonly about?: string | null;
}

/** `null` where such a wait never ends by itself. */
export const deadlineAfter = (ms: number, { now }: Context): string | null =>
  ms > 0 ? new Date(Date.parse(now) + ms).toISOString() : null;

export const open = (run: Run, question: Question): EventOf<'interaction.opened'> =>
  fact('interaction.opened', {
    interaction: `int_${run.interactions.length + 1}`,
    kind: question.kind,
    prompt: question.prompt,
    options: [...question.options],
    deadline: question.deadline,
    default: question.default ?? null,
    round: question.round ?? null,
    focus: question.focus ?? null,
    about: question.about ?? null,
  });
