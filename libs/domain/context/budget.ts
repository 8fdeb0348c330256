import { budgetOf, usageOf } from '#context';
import type { BudgetDocument, ContextBudget, ContextPiece, ContextPolicy } from '#contracts';
import type { Run } from '../run.ts';

const tokensOf = (pieces: readonly Pick<ContextPiece, 'tokens'>[]): number =>
  pieces.reduce((sum, { tokens }) => sum + tokens, 0);

type Given = Pick<Run, 'id' | 'context'>;

/** The most that one call of this invocation was given. */
export const contextUsed = ({ context }: Run, invocation: number): number =>
  Math.max(
    0,
    ...context.given.filter((given) => given.invocation === invocation).map(({ pieces }) => tokensOf(pieces)),
  );

/** The pools as the newest call of an agent filled them, or would have if it had not been refused, under the limits that the run was allocated. */
const budgetUnder = ({ context }: Given, limits: ContextPolicy): ContextBudget =>
  budgetOf(usageOf((context.refused ?? context.given.at(-1))?.pieces ?? []), limits, context.optimised.length > 0);

const callDocument = ({ role, work, pieces }: Omit<Run['context']['given'][number], 'invocation'>) => ({
  agent: role,
  work,
  tokens: tokensOf(pieces),
  pieces,
});

/** `null` until the first agent has started. */
export const contextBudget = (run: Run): ContextBudget | null =>
  run.context.allocated && budgetUnder(run, run.context.allocated);

/** @param policy the limits of a run that was allocated none yet */
export const budgetDocument = (run: Given, policy: ContextPolicy): Omit<BudgetDocument, 'spend' | 'budgets'> => ({
  id: run.id,
  ...budgetUnder(run, run.context.allocated ?? policy),
  counted_tokens: run.context.given.reduce((sum, { pieces }) => sum + tokensOf(pieces), 0),
  given: run.context.given.map(callDocument),
  refused: run.context.refused && { ...callDocument(run.context.refused), problem: run.context.refused.problem },
  optimised: run.context.optimised.map(({ actions, before, after }) => ({ actions, before, after })),
});
