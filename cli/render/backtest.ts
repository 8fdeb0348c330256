import type { BacktestChange, BacktestDocument, BacktestStop } from '#contracts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { clip, count, firstLine, percent } from './words.ts';

/** Rows of a list that a person reads; `--json` has them all. */
const MOST_ROWS = 20;

const NAMES: Readonly<Record<BacktestDocument['totals'][number]['what'], string>> = {
  confirmations: 'routes to confirm',
  retries: 'retries',
  waits: 'windows waited out',
  replans: 'replans',
  escalations: 'escalations',
  halts: 'halts',
  context_warnings: 'calls under context pressure',
  context_optimisations: 'context optimisations',
  context_over_limit: 'calls over a hard limit',
  budget_waits: 'runs that wait for money',
};

const difference = (recorded: number, policy: number, style: Style): string => {
  if (recorded === policy) return style.dim('same');
  return policy > recorded ? style.yellow(`+${policy - recorded}`) : style.green(`-${recorded - policy}`);
};

const capped = (rows: readonly string[], total: number): readonly string[] =>
  total > MOST_ROWS ? [...rows, `  … and ${total - MOST_ROWS} more: --json has all of them`] : rows;

const section = (title: string, rows: readonly string[], style: Style): readonly string[] =>
  rows.length === 0 ? [] : ['', style.bold(title), ...rows];

const route = ({ workflow, confidence, asks }: Extract<BacktestChange, { what: 'route' }>['recorded']): string =>
  `${workflow} ${percent(confidence)}${asks ? ', asks' : ''}`;

const detail = (change: BacktestChange): readonly [from: string, to: string, about: string] => {
  switch (change.what) {
    case 'route': {
      const chosen = change.chosen === null ? '' : ` (a person took ${change.chosen})`;
      return [route(change.recorded), route(change.policy), `"${clip(firstLine(change.goal), 60)}"${chosen}`];
    }
    case 'recovery': {
      const { recorded, policy, error } = change;
      const how = (side: typeof recorded) =>
        recorded.action === policy.action ? `${side.action} (${side.category})` : side.action;
      return [how(recorded), how(policy), clip(firstLine(error), 60)];
    }
    case 'context': {
      const how = ({ pressure, optimises, over }: typeof change.recorded) =>
        [pressure, ...(optimises ? ['optimised'] : []), ...(over.length > 0 ? [`over ${over.join(', ')}`] : [])].join(
          ', ',
        );
      return [how(change.recorded), how(change.policy), `${change.tokens} tokens for ${change.work}`];
    }
  }
};

const changes = ({ changes: all }: BacktestDocument, style: Style): readonly string[] => {
  const rows = all.slice(0, MOST_ROWS).map((change) => {
    const [from, to, about] = detail(change);
    return [
      `  ${change.id}`,
      `${change.version}`,
      `${from} → ${to}`,
      change.unknown ? style.dim('?') : ' ',
      style.dim(about),
    ];
  });
  return capped(columns(rows), all.length);
};

const stops = (all: readonly BacktestStop[], style: Style): readonly string[] => {
  const rows = all
    .slice(0, MOST_ROWS)
    .map(({ id, version, recorded, policy, outcome }) => [
      `  ${id}`,
      `${version}`,
      `${recorded} → ${policy}`,
      style.dim(outcome ?? 'goes on'),
    ]);
  return capped(columns(rows), all.length);
};

const wrong = ({ added }: BacktestDocument['stops']): string => {
  const completed = added.filter(({ outcome }) => outcome === 'completed').length;
  return completed === 0 ? '' : `, ${completed} of them wrongly: as recorded they completed`;
};

const totals = ({ totals: all, workflows }: BacktestDocument, style: Style): readonly string[] => {
  const rows = [
    ...workflows.map(({ workflow, recorded, policy }) => ({ name: workflow, recorded, policy, unknown: 0 })),
    ...all.map(({ what, ...rest }) => ({ name: NAMES[what], ...rest })),
  ].filter(({ recorded, policy }) => recorded > 0 || policy > 0);
  return columns([
    ['', style.dim('recorded'), style.dim('policy'), '', ''],
    ...rows.map(({ name, recorded, policy, unknown }) => [
      `  ${name}`,
      String(recorded),
      String(policy),
      difference(recorded, policy, style),
      unknown > 0 ? style.dim(`${unknown} of them may not have come about`) : '',
    ]),
  ]);
};

const policyRows = ({ policy }: BacktestDocument): readonly string[] => [
  ...policy.values.map(({ key, value }) => `  ${key} = ${typeof value === 'object' ? JSON.stringify(value) : value}`),
  ...(policy.routing_table === null ? [] : [`  routing_table ${policy.routing_table.slice(0, 12)}`]),
  ...(policy.not_judged.length === 0 ? [] : [`  not judged: ${policy.not_judged.join(', ')}`]),
];

/** What would have been different, and what nobody can know. */
export const renderBacktest = (document: BacktestDocument, style: Style): readonly string[] => {
  const { runs, events, decisions, stops: stopped, reclassified, unreadable } = document;
  const { judged, changed, unknown, drifted } = decisions;
  return [
    `${count(runs, 'run')}, ${count(events, 'event')}: ${changed} of ${count(judged, 'decision')} would be another`,
    ...policyRows(document),
    '',
    ...totals(document, style),
    ...section(
      `Stopped only by this policy: ${stopped.added.length}${wrong(stopped)}`,
      stops(stopped.added, style),
      style,
    ),
    ...section(`Stopped only as recorded: ${stopped.avoided.length}`, stops(stopped.avoided, style), style),
    ...section(
      'Errors taken for something else',
      reclassified.map(
        ({ from, to, errors, example }) =>
          `  ${from} → ${to}: ${count(errors, 'error')}, such as "${clip(firstLine(example), 80)}"`,
      ),
      style,
    ),
    ...section('What changes', changes(document, style), style),
    ...(unknown > 0
      ? [
          '',
          `? ${unknown} after an earlier change of the same run: counted from what was recorded, because nobody knows what would have followed`,
        ]
      : []),
    ...(drifted.length > 0
      ? [
          '',
          style.yellow(
            `${count(drifted.length, 'decision')} not judged: today's code decides otherwise under the recorded policy too; studio replay ${drifted[0]?.id} --verify`,
          ),
        ]
      : []),
    ...section(
      'Not read',
      unreadable.map(({ id, problem }) => `  ${id}: ${problem}`),
      style,
    ),
  ];
};
