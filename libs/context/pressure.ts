import {
  type ContextBudget,
  type ContextLimits,
  type ContextPolicy,
  ContextPool,
  type ContextPressure,
} from '#contracts';

/** Tokens a pool. */
export type Usage = Readonly<Record<ContextPool, number>>;

/** Shares of a soft limit. */
const WARNING = 0.8;
const CRITICAL = 0.95;

export const usageOf = (pieces: Iterable<{ readonly pool: ContextPool; readonly tokens: number }>): Usage => {
  const usage: Record<ContextPool, number> = {
    reserved: 0,
    learnings: 0,
    backlog: 0,
    plans: 0,
    context7: 0,
    working: 0,
  };
  for (const { pool, tokens } of pieces) usage[pool] += tokens;
  return usage;
};

export const totalOf = (usage: Usage): number => Object.values(usage).reduce((sum, tokens) => sum + tokens, 0);

export const pressureOn = (used: number, { soft }: ContextLimits): ContextPressure => {
  if (used >= soft * CRITICAL) return 'critical';
  return used >= soft * WARNING ? 'warning' : 'normal';
};

const worst = (levels: readonly ContextPressure[]): ContextPressure => {
  if (levels.includes('critical')) return 'critical';
  return levels.includes('warning') ? 'warning' : 'normal';
};

/** Of the pool that is fullest, or of all together, whichever is worse. */
export const pressureOf = (usage: Usage, policy: ContextPolicy): ContextPressure =>
  worst([
    ...ContextPool.options.map((pool) => pressureOn(usage[pool], policy.pools[pool])),
    pressureOn(totalOf(usage), policy.total),
  ]);

/** What holds more than may ever be given: pools, and `total`. */
export const overHardLimit = (usage: Usage, { pools, total }: ContextPolicy): readonly (ContextPool | 'total')[] => [
  ...ContextPool.options.filter((pool) => usage[pool] > pools[pool].hard),
  ...(totalOf(usage) > total.hard ? (['total'] as const) : []),
];

const stateOf = (used: number, limits: ContextLimits) => {
  const status = used > limits.soft ? 'EXCEEDED' : used >= limits.soft * WARNING ? 'WARNING' : 'OK';
  return { used, soft: limits.soft, hard: limits.hard, status } as const;
};

/** The table of the pools. */
export const budgetOf = (usage: Usage, policy: ContextPolicy, optimised: boolean): ContextBudget => {
  const used = totalOf(usage);
  const { total } = policy;
  return {
    total_allocated: total.soft,
    pools: ContextPool.options.map((pool) => ({
      pool,
      ...stateOf(usage[pool], policy.pools[pool]),
    })),
    total: { ...stateOf(used, total), percent: Math.round((used / Math.max(1, total.soft)) * 100) },
    pressure_level: pressureOf(usage, policy),
    optimization_triggered: optimised,
  };
};
