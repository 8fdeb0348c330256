import type { Evolvers } from '../context.ts';
import { updateCurrent } from '../run.ts';
import { afterUsage } from './spend.ts';

export const moneyEvolvers: Evolvers<'usage.recorded' | 'budget.exceeded' | 'budget.raised'> = {
  'usage.recorded': (run, { data }) => ({ spend: afterUsage(run.spend, data) }),

  'budget.exceeded': (run, { data }) => ({
    // Whoever had the turn lets go, and has it again once there is money.
    invocations: updateCurrent(run, { lease: null }),
    budget: { ...run.budget, exceeded: { ...data, asked: false } },
  }),

  'budget.raised': (run, { data: { account, limit } }) => ({
    budget: { ...run.budget, raised: { ...run.budget.raised, [account]: limit } },
  }),
};
