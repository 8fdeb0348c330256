import type { BudgetDocument, LearningsDocument } from '#contracts';
import { renderSpend } from './spend.ts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { count } from './words.ts';

type Status = BudgetDocument['total']['status'];

const paint = (status: Status, style: Style): string => {
  if (status === 'OK') return style.green(status);
  return status === 'WARNING' ? style.yellow(status) : style.red(status);
};

const WIDTHS = [15, 8, 8] as const;
const RULE = '─'.repeat(37);

/** A row of the table: figures under their heads, so that one table looks like another. */
const row = (cells: readonly [string, string, string], status: string): string =>
  `${cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join('')}${status}`;

const table = ({ pools, total }: BudgetDocument, style: Style): readonly string[] => [
  style.bold(row(['Pool', 'Used', 'Soft'], 'Status')),
  RULE,
  ...pools.map(({ pool, used, soft, status }) => row([pool, String(used), String(soft)], paint(status, style))),
  RULE,
  row(['TOTAL', String(total.used), String(total.soft)], `${paint(total.status, style)} (${total.percent}%)`),
];

const givenRows = (given: readonly BudgetDocument['given'][number][]): readonly string[] =>
  columns(
    given.map(({ agent, work, tokens, pieces }) => [
      `  ${agent}`,
      work,
      `${tokens} tokens`,
      pieces.map(({ source }) => source).join(', '),
    ]),
  );

const refusedRows = ({ refused }: BudgetDocument, style: Style): readonly string[] =>
  refused === null ? [] : ['', style.bold('refused'), ...givenRows([refused]), `  ${style.red(refused.problem)}`];

/** The pools as the newest call of an agent filled them, or would have, then every call. */
export const renderBudget = (document: BudgetDocument, style: Style): readonly string[] => {
  const { id, given, optimised, pressure_level: pressure } = document;
  return [
    id === null ? style.dim('no run yet: the limits of a new one') : `${style.bold(id)}  pressure ${pressure}`,
    '',
    ...table(document, style),
    ...(given.length > 0 ? ['', style.bold('given to agents'), ...givenRows(given)] : []),
    ...refusedRows(document, style),
    ...(optimised.length > 0 ? ['', style.bold('space that was made')] : []),
    ...optimised.flatMap(({ actions, before, after }) => [
      ...actions.map(({ action, freed }) => `  ${action}: ${freed} tokens freed`),
      style.dim(`  ${before} → ${after} tokens`),
    ]),
    ...renderSpend(document, style),
  ];
};

/** How much of a learning an agent is given when space is short. */
const TIERS: Readonly<Record<number, string>> = { 1: 'whole', 2: 'a summary', 3: 'left out' };

export const renderLearnings = ({ learnings }: LearningsDocument, style: Style, program: string): readonly string[] => {
  if (learnings.length === 0)
    return [`nothing was learned here so far; ${program} learnings --all lists what was learned anywhere`];
  return [
    ...learnings.flatMap(({ domain, text, time, orchestration, tier }) => [
      `${style.bold(domain)}  ${time.slice(0, 10)}  ${style.dim(`tier ${tier}, ${TIERS[tier]} when space is short; ${orchestration ?? 'written by hand'}`)}`,
      `  ${text}`,
    ]),
    style.dim(count(learnings.length, 'learning')),
  ];
};
