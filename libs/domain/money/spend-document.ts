import type { SpendState, Spent } from '#contracts';
import type { Run, State } from '../run.ts';
import { type Amount, addAmounts, sumAmounts } from './amounts.ts';
import { goalLimit, tokenLimit } from './budget.ts';
import { type SpendLine, tasksSpend, totalSpend } from './spend.ts';

const spentDocument = (amount: Amount): Spent => ({
  usd: amount.usd,
  input_tokens: amount.inputTokens,
  cached_tokens: amount.cachedTokens,
  cache_write_tokens: amount.cacheWriteTokens,
  output_tokens: amount.outputTokens,
});

const byDocument = ({
  role,
  engine,
  provider,
  model,
  basis,
  amounts,
  ...amount
}: SpendLine): SpendState['by'][number] => ({
  agent: role,
  engine,
  provider,
  model,
  basis,
  amounts,
  ...spentDocument(amount),
});

/** @param running its tasks that have not ended, where they are to be counted too */
export const spendDocument = (run: Run, running: readonly State[] = []): SpendState => {
  const underWay = sumAmounts(running.flatMap((task) => (task.lifecycle === 'absent' ? [] : [totalSpend(task)])));
  const cap = tokenLimit(run);
  return {
    ...spentDocument(addAmounts(totalSpend(run), underWay)),
    by: run.spend.lines.map(byDocument),
    tasks: spentDocument(addAmounts(tasksSpend(run), underWay)),
    budget_usd: goalLimit(run),
    ...(cap === null ? {} : { budget_tokens: cap }),
    ...(run.spend.before === null ? {} : { before_fork: spentDocument(run.spend.before) }),
  };
};
