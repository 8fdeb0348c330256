import type { EveryRunDocument, ListPage, ListRow, RouteDocument, WhyDocument, WorkerDocument } from '#contracts';
import { usd } from './spend.ts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { age, clip, count, firstLine, percent } from './words.ts';

/** One word for where a run is: how it ended, what it waits for, or its status. */
const standing = ({ status, outcome, wait }: ListRow): string =>
  outcome ?? (wait === 'no_worker' ? 'no worker' : (wait ?? status));

const painted = (row: ListRow, style: Style): string => {
  const text = standing(row);
  if (row.outcome === 'completed') return style.green(text);
  if (row.outcome) return style.red(text);
  return row.wait === 'question' || row.wait === 'approval' || row.wait === 'budget' || row.wait === 'no_worker'
    ? style.yellow(text)
    : style.cyan(text);
};

/** A column only where something was paid for. */
const costsOf = (rows: readonly ListRow[]): ((row: ListRow) => readonly string[]) =>
  rows.some(({ cost_usd: cost }) => cost > 0) ? ({ cost_usd: cost }) => [cost > 0 ? usd(cost) : ''] : () => [];

export const renderList = (page: ListPage, style: Style, now: Date, workersAlive: boolean): readonly string[] => {
  const { orchestrations: rows, next_cursor: cursor } = page;
  if (rows.length === 0) return ['no runs match; studio build "<goal>" starts one'];
  const costs = costsOf(rows);
  const unserved = !workersAlive && rows.some(({ outcome }) => outcome === null);
  return [
    ...columns(
      rows.map((row) => [
        row.id,
        painted(row, style),
        age(row.created_at, now),
        ...costs(row),
        `${row.parent ? `${row.parent.task}: ` : ''}${clip(firstLine(row.goal), 60)}`,
      ]),
    ),
    ...(cursor ? [style.dim(`more: --cursor ${cursor}`)] : []),
    ...(unserved ? [style.yellow('no worker is alive, so nothing moves: studio up')] : []),
  ];
};

export const renderWorkers = (workers: readonly WorkerDocument[], style: Style, now: Date): readonly string[] => {
  if (workers.length === 0) return [style.yellow('no worker is alive: studio up starts them')];
  const rows = workers.map(({ id, service, host, pid, concurrency, version, seen_at }) => [
    service,
    `${host}:${pid}`,
    `${concurrency} at once`,
    version,
    `seen ${age(seen_at, now)}`,
    style.dim(id),
  ]);
  return [...columns(rows), style.dim(count(workers.length, 'worker'))];
};

export const renderEveryRun = ({ command, done, refused }: EveryRunDocument): readonly string[] => [
  ...done.map((id) => `${command === 'pause' ? 'paused' : 'goes on'} ${id}`),
  ...refused.map(({ id, problem }) => `refused ${id}: ${problem}`),
  done.length === 0
    ? `nothing to ${command}`
    : `${count(done.length, 'run')} ${command === 'pause' ? 'paused' : 'resumed'}`,
];

export const renderWhy = ({ id, status, wait, summary, facts }: WhyDocument, style: Style): readonly string[] => [
  `${style.bold(id)}  ${status}`,
  ...summary.split('\n'),
  ...(wait ? [`waits for ${wait.owner}${wait.until ? `, until ${wait.until}` : ''}`] : []),
  ...(facts.length > 0 ? ['', style.bold('the facts that led here')] : []),
  ...columns(facts.map(({ version, time, type, text }) => [`  ${version}`, style.dim(time), type, firstLine(text)])),
];

export const renderRoute = (route: RouteDocument, style: Style): readonly string[] => [
  style.bold(firstLine(route.goal)),
  ...columns([
    ['  workflow', `${route.workflow} (${route.agents.join(' → ')})`],
    ['  complexity', route.complexity],
    ['  confidence', percent(route.confidence)],
    ...(route.skills.length > 0 ? [['  skills', route.skills.join(', ')]] : []),
    ...route.signals.map(({ word, role, points_to: to }, index) => [
      index === 0 ? '  signals' : '',
      `${word} (${role}) → ${to}`,
    ]),
  ]),
];
