import type { Context } from '../context.ts';
import { deadlineAfter, type Option, type Question } from '../interactions/opening.ts';
import type { Run } from '../run.ts';

type Exceeded = NonNullable<Run['budget']['exceeded']>;

/** Waits for the next day. */
export const WAIT = 'w';
export const ABORT = 'a';

const usd = (amount: number): string => amount.toFixed(2);

const WHOSE: Readonly<Record<Exceeded['scope'], (account: string) => string>> = {
  goal: () => 'The budget of this goal',
  day: (account) => `The budget of ${account.slice('day:'.length)}, which all runs share,`,
  label: (account) => `The budget of label ${account.slice('label:'.length)}, which all its runs share,`,
};

/** Of what is offered as a raise: as much again, and more than is spent. */
const suggested = ({ limitUsd, spentUsd }: Exceeded): string => usd(Math.max(2 * limitUsd, spentUsd + limitUsd));

const optionsOf = (exceeded: Exceeded): readonly Option[] => [
  { key: suggested(exceeded), label: `raise it to ${suggested(exceeded)} USD for this run; any other amount will do` },
  ...(exceeded.until === null ? [] : [{ key: WAIT, label: `wait until ${exceeded.until}, when another day begins` }]),
  { key: ABORT, label: 'abort; the branch is kept' },
];

/** Asked once of each budget that is used up; a day is waited out where nobody answers. */
export const budgetQuestion = ({ budget: { exceeded }, submission }: Run, context: Context): Question | null => {
  if (!exceeded || exceeded.asked) return null;
  const { scope, account, limitUsd, spentUsd, until } = exceeded;
  const whose = WHOSE[scope](account);
  return {
    kind: 'budget',
    prompt: `${whose} is used up: ${usd(spentUsd)} of ${usd(limitUsd)} USD.`,
    options: optionsOf(exceeded),
    deadline: until ?? deadlineAfter(submission.policy.decisionMs, context),
    ...(until === null ? {} : { default: WAIT }),
    about: account,
  };
};

const AMOUNT = /^(?:\$|usd)? ?(\d{1,9}(?:\.\d{1,6})?) ?(?:\$|usd)?$/;

/** An amount of money as it was typed, `null` where it is none. */
export const amountIn = (text: string): string | null => AMOUNT.exec(text.trim().toLowerCase())?.[1] ?? null;
