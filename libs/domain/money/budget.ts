import type { EventOf } from '#events';
import type { Run } from '../run.ts';
import { noSpend } from './spend.ts';

type Exceeded = EventOf<'budget.exceeded'>['data'];

/** What stands in the way of a run, and what a person has said about it. */
export interface Budget {
  /** Limits that a person raised for this run, by account. */
  readonly raised: Readonly<Record<string, number>>;
  /** What is used up, until a person or time has decided about it. */
  readonly exceeded: (Exceeded & { readonly asked: boolean }) | null;
}

export const freshBudget: Budget = { raised: {}, exceeded: null };

/** Of a run that has just begun. */
export const freshMoney: Pick<Run, 'spend' | 'budget'> = { spend: noSpend, budget: freshBudget };

/** Whose budget a run spends: of a task, that of the run whose task it is. */
export const rootOf = ({ id, submission: { parent } }: Pick<Run, 'id' | 'submission'>): string =>
  parent?.orchestration ?? id;

export const goalAccount = (root: string): string => `goal:${root}`;
export const tokensAccount = (root: string): string => `tokens:${root}`;
export const dayAccount = (day: string): string => `day:${day}`;
export const labelAccount = (label: string): string => `label:${label}`;

/** What the goal of this run may cost, US dollars, as of now; of a task, ask its root. */
export const goalLimit = ({ id, submission, budget }: Pick<Run, 'id' | 'submission' | 'budget'>): number | null =>
  budget.raised[goalAccount(id)] ?? submission.budgetUsd;

/** What models may read and write for it, likewise. */
export const tokenLimit = ({ id, submission, budget }: Pick<Run, 'id' | 'submission' | 'budget'>): number | null =>
  budget.raised[tokensAccount(id)] ?? submission.budgetTokens;

export const unitOf = (account: string): 'usd' | 'tokens' => (account.startsWith('tokens:') ? 'tokens' : 'usd');
