import type { Context } from '../context.ts';
import { deadlineAfter, type Option, type Question } from '../interactions/opening.ts';
import type { Run } from '../run.ts';
import { unitOf } from './budget.ts';

type Exceeded = NonNullable<Run['budget']['exceeded']>;

/** Waits for the next day. */
export const WAIT = 'w';
export const ABORT = 'a';

/** Calls cost cents: below a dollar two digits would show another amount, or none. */
const dollars = (amount: number): string => amount.toFixed(amount < 1 ? 4 : 2);

/** As it is typed in an answer. */
const typed = (amount: number, account: string): string =>
  unitOf(account) === 'usd' ? dollars(amount) : String(amount);

/** As it is read. */
const shown = (amount: number, account: string): string =>
  unitOf(account) === 'usd' ? dollars(amount) : grouped(amount);

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

const UNITS = { usd: 'USD', tokens: 'tokens' } as const;

const WHOSE: Readonly<Record<Exceeded['scope'], (account: string) => string>> = {
  goal: () => 'The budget of this goal',
  tokens: () => 'The budget of tokens of this goal',
  day: (account) => `The budget of ${account.slice('day:'.length)}, which all runs share,`,
  label: (account) => `The budget of label ${account.slice('label:'.length)}, which all its runs share,`,
};

/** Of what is offered as a raise: as much again, and more than is spent. */
const suggested = ({ limit, spent }: Exceeded): number => Math.max(2 * limit, spent + limit);

const raise = (exceeded: Exceeded): Option => {
  const { account } = exceeded;
  const amount = suggested(exceeded);
  const label = `raise it to ${shown(amount, account)} ${UNITS[unitOf(account)]} for this run; any other amount will do`;
  return { key: typed(amount, account), label };
};

const optionsOf = (exceeded: Exceeded): readonly Option[] => [
  raise(exceeded),
  ...(exceeded.until === null ? [] : [{ key: WAIT, label: `wait until ${exceeded.until}, when another day begins` }]),
  { key: ABORT, label: 'abort; the branch is kept' },
];

/** Asked once of each budget that is used up; a day is waited out where nobody answers. */
export const budgetQuestion = ({ budget: { exceeded }, submission }: Run, context: Context): Question | null => {
  if (!exceeded || exceeded.asked) return null;
  const { scope, account, limit, spent, until } = exceeded;
  const whose = WHOSE[scope](account);
  return {
    kind: 'budget',
    prompt: `${whose} is used up: ${shown(spent, account)} of ${shown(limit, account)} ${UNITS[unitOf(account)]}.`,
    options: optionsOf(exceeded),
    deadline: until ?? deadlineAfter(submission.policy.decisionMs, context),
    ...(until === null ? {} : { default: WAIT }),
    about: account,
  };
};

const AMOUNT = /^(?:\$|usd)? ?(\d{1,12}(?:\.\d{1,6})?) ?(?:\$|usd|tokens)?$/;

/** An amount of money or tokens as it was typed, `null` where it is none. */
export const amountIn = (text: string): string | null => AMOUNT.exec(text.trim().toLowerCase())?.[1] ?? null;
