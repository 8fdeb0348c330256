import type { ContextPiece, ContextPolicy, ContextPool, ContextPressure, PlanStep } from '#contracts';
import { summaryOf } from './learnings/summary.ts';
import { tierOf } from './learnings/tiers.ts';
import { type CountTokens, piecesOf, type Reading } from './pieces.ts';
import { overHardLimit, pressureOf, pressureOn, totalOf, type Usage, usageOf } from './pressure.ts';

export interface OptimiseOptions {
  readonly policy: ContextPolicy;
  readonly count: CountTokens;
  /** ISO 8601. */
  readonly now: string;
  /** Steps of the plan that are done: how they were to be done helps nobody any more. */
  readonly isDone: (step: string) => boolean;
  /** What the call is about: documentation of what it does not name is unused. */
  readonly subject: string;
  /** From which pressure on space is made. */
  readonly from: Exclude<ContextPressure, 'normal'>;
}

/** One way to make space, and the pool where it makes it. */
interface Action {
  readonly action: string;
  readonly pool: ContextPool;
  readonly apply: (reading: Reading, options: OptimiseOptions) => Reading;
}

const summarise: Action['apply'] = (reading, { now }) => ({
  ...reading,
  learnings: reading.learnings.map((learning) =>
    tierOf(learning.time, now) === 2 ? { ...learning, text: summaryOf(learning.text) } : learning,
  ),
});

const archive: Action['apply'] = (reading, { now }) => ({
  ...reading,
  learnings: reading.learnings.filter(({ time }) => tierOf(time, now) < 3),
});

/** Whether the text has the name as a word of its own: `zod`, `@scope/name`, `socket.io`. */
const names = (text: string, library: string): boolean => {
  const name = library.toLowerCase().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_-])${name}(?![a-z0-9_-])`).test(text.toLowerCase());
};

const clearUnused: Action['apply'] = (reading, { subject }) => ({
  ...reading,
  docs: reading.docs.filter(({ library }) => names(`${subject} ${JSON.stringify(reading.plan)}`, library)),
});

const pruned = ({ id, name, depends_on }: PlanStep): PlanStep => ({
  id,
  name,
  action: 'done',
  success_criteria: [],
  depends_on,
});

const prune: Action['apply'] = (reading, { isDone }) => ({
  ...reading,
  plan: reading.plan && {
    ...reading.plan,
    steps: reading.plan.steps.map((step) => (isDone(step.id) ? pruned(step) : step)),
  },
});

/** In this order: what is missed least goes first. */
const ACTIONS: readonly Action[] = [
  { action: 'summarise learnings of 30 to 90 days', pool: 'learnings', apply: summarise },
  { action: 'archive learnings of over 90 days', pool: 'learnings', apply: archive },
  { action: 'clear unused documentation', pool: 'context7', apply: clearUnused },
  { action: 'prune what is done from the plan', pool: 'plans', apply: prune },
];

export interface Optimised {
  readonly reading: Reading;
  readonly pieces: readonly ContextPiece[];
  readonly pressure: ContextPressure;
  /** What was done, with the tokens that each says it freed; none where there was no need. */
  readonly actions: readonly { readonly action: string; readonly pool: ContextPool; readonly freed: number }[];
  /** Tokens of everything before and after, each counted from the texts. */
  readonly before: number;
  readonly after: number;
  /** Why an agent must not be given this, or `null`. */
  readonly problem: string | null;
  /** What still holds more than it ever may, or `null`. */
  readonly full: ContextPool | 'total' | null;
}

const isAtLeast = (level: ContextPressure, from: OptimiseOptions['from']): boolean =>
  level === 'critical' || level === from;

/** Space in a pool helps when that pool is short of it, or all together are. */
const isWanted = ({ pool }: Action, usage: Usage, { policy, from }: OptimiseOptions): boolean =>
  isAtLeast(pressureOn(usage[pool], policy.pools[pool]), from) ||
  isAtLeast(pressureOn(totalOf(usage), policy.total), from);

const sayFull = (full: ContextPool | 'total', usage: Usage, { pools, total }: ContextPolicy): string => {
  const [who, used, { hard }] =
    full === 'total'
      ? ['all pools together hold', totalOf(usage), total]
      : [`pool ${full} holds`, usage[full], pools[full]];
  return `${who} ${used} tokens after optimisation, and ${hard} is the most`;
};

const problemOf = (usage: Usage, freed: number, claimed: number, policy: ContextPolicy) => {
  const [full = null] = overHardLimit(usage, policy);
  if (freed < claimed)
    return { full, problem: `optimisation said that it freed ${claimed} tokens, and ${freed} are gone` };
  return { full, problem: full && sayFull(full, usage, policy) };
};

/**
 * Makes space where pressure asks for it, an action at a time until it no longer does. What each action claims is what
 * its own change is worth; what was freed in the end is counted anew from all texts, and must be no less.
 */
export const optimise = (reading: Reading, options: OptimiseOptions): Optimised => {
  const { policy, count, from } = options;
  const measure = (of: Reading) => usageOf(piecesOf(of, count));
  const first = measure(reading);
  let now = reading;
  let usage = first;
  const actions: { action: string; pool: ContextPool; freed: number }[] = [];
  for (const candidate of ACTIONS) {
    if (!isAtLeast(pressureOf(usage, policy), from)) break;
    if (!isWanted(candidate, usage, options)) continue;
    const next = candidate.apply(now, options);
    const after = measure(next);
    const freed = usage[candidate.pool] - after[candidate.pool];
    if (freed <= 0) continue;
    actions.push({ action: candidate.action, pool: candidate.pool, freed });
    now = next;
    usage = after;
  }
  const pieces = piecesOf(now, count);
  const left = usageOf(pieces);
  const before = totalOf(first);
  const after = totalOf(left);
  const claimed = actions.reduce((sum, { freed }) => sum + freed, 0);
  return {
    reading: now,
    pieces,
    pressure: pressureOf(left, policy),
    actions,
    before,
    after,
    ...problemOf(left, before - after, claimed, policy),
  };
};
