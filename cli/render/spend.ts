import type { BudgetDocument, SpendState, Spent } from '#contracts';
import type { Style } from './style.ts';
import { columns } from './table.ts';

/** Four digits where cents say nothing. */
export const usd = (amount: number): string => `${amount.toFixed(amount > 0 && amount < 1 ? 4 : 2)} USD`;

const tokens = (count: number): string => count.toLocaleString('en-US');

const billed = ({ input_tokens: input, cached_tokens: cached, output_tokens: output }: Spent): string =>
  `${tokens(input)} tokens in${cached > 0 ? ` (${tokens(cached)} cached)` : ''}, ${tokens(output)} out`;

const hasUnknown = ({ by }: SpendState): boolean => by.some(({ basis }) => basis === 'unknown');

/** `0.0114 USD of 5.00 USD, 3,600 tokens in (600 cached), 150 out`; nothing where nothing was spent, and no limit is set. */
export const spendText = (spend: SpendState): string | null => {
  const { usd: spent, budget_usd: limit, budget_tokens: cap, input_tokens: input, output_tokens: output } = spend;
  if (spent === 0 && input + output === 0 && limit === null && cap === undefined) return null;
  const most = hasUnknown(spend) ? ' at most, no price is known of some' : '';
  return `${usd(spent)}${most}${limit === null ? '' : ` of ${usd(limit)}`}, ${billed(spend)}${cap === undefined ? '' : ` of ${tokens(cap)}`}`;
};

const BASES = { reported: '', priced: '', unknown: 'at most: no price is known' } as const;

const rowsOf = ({ by }: SpendState): readonly (readonly string[])[] =>
  by.map((line) => [`  ${line.agent}`, line.engine, line.model ?? '', usd(line.usd), billed(line), BASES[line.basis]]);

const budgetRows = (budgets: BudgetDocument['budgets']): readonly (readonly string[])[] =>
  budgets.map(({ account, unit, limit, spent, held }) => {
    const shown = unit === 'usd' ? usd : tokens;
    return [
      `  ${account}`,
      `${shown(spent)} of ${shown(limit)}${unit === 'usd' ? '' : ' tokens'}`,
      held > 0 ? `${shown(held)} held back` : '',
      spent >= limit ? 'used up' : '',
    ];
  });

/** What a run cost, by engine and model, beside what was counted before the calls. */
export const renderSpend = (document: BudgetDocument, style: Style): readonly string[] => {
  const { spend, budgets, counted_tokens: counted } = document;
  const total = spend && spendText(spend);
  if (!spend || (total === null && budgets.length === 0)) return [];
  return [
    '',
    style.bold('money'),
    ...columns([
      ['  spent', total ?? usd(0)],
      ...(spend.tasks.usd > 0 ? [['  of that, tasks', usd(spend.tasks.usd)]] : []),
      ...(spend.before_fork ? [['  before the fork', usd(spend.before_fork.usd)]] : []),
      ['  given', `${tokens(counted)} tokens, as counted before the calls`],
    ]),
    ...columns(rowsOf(spend)),
    ...(budgets.length > 0 ? ['', style.bold('budgets'), ...columns(budgetRows(budgets))] : []),
  ];
};
