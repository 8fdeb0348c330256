import { isDeepStrictEqual } from 'node:util';
import type { DryRunDocument, ListPage, Workflow } from '#contracts';
import { type Ended, tokensOf, totalSpend } from '#domain';
import type { EventLog } from '#events';
import type { Studio } from '../studio.ts';
import { readStates } from './live-runs.ts';

type Estimate = DryRunDocument['estimate'];

/** So many of the newest completed runs are looked at. */
const MOST_RUNS = 300;
const PAGE = 100;
/** With fewer that are alike, those that are less alike are taken too. */
const ENOUGH = 3;

export interface Alike {
  readonly workflow: Workflow;
  /** `recipe health-endpoint`; `null`: not known yet. */
  readonly source: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** What the goal asks for. */
  readonly engine: string | null;
  /** Who would do its steps: nobody where they bring their operations. `null`: not known, or each task has its own. */
  readonly workers: readonly string[] | null;
}

const newestCompleted = async (list: Studio['list'], workflow: Workflow): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null && ids.length < MOST_RUNS; ) {
    const page: ListPage = await list({
      status: 'completed',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const row of page.orchestrations)
      if (row.outcome === 'completed' && row.workflow === workflow) ids.push(row.id);
    cursor = page.next_cursor;
  }
  return ids.slice(0, MOST_RUNS);
};

const durationOf = ({ outcome, createdAt }: Ended): number => Date.parse(outcome.time) - Date.parse(createdAt);

/** By the nearest rank: a number that was measured. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

const spreadOf = (measured: readonly number[]): Estimate['duration_ms'] => {
  if (measured.length === 0) return null;
  const sorted = measured.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
};

/** What runs of this kind cost, by those that were told it: of an engine that says nothing nobody knows. */
const costOf = (runs: readonly Ended[]): Estimate['cost_usd'] => {
  const costs = runs.map(totalSpend).filter((amount) => amount.usd > 0 || tokensOf(amount) > 0);
  const spread = spreadOf(costs.map(({ usd }) => usd));
  return spread && { ...spread, runs: costs.length };
};

/** The plan of one source may be for any goal; of a recipe and a file it is for the same kind of work. */
const hasSource = ({ plan }: Ended, source: string | null): boolean => source !== null && plan?.source === source;

const hasLabels = ({ submission }: Ended, labels: Alike['labels']): boolean =>
  Object.entries(labels).every(([key, value]) => submission.labels[key] === value);

const workersOf = ({ engines }: Ended): readonly string[] => [
  ...new Set(engines.chosen.filter(({ work }) => work === 'work').map(({ engine }) => engine)),
];

/** What one engine took says nothing of another. Of tasks each may have its own: there, what was asked for. */
const isByEngine = (run: Ended, { engine, workers }: Alike): boolean =>
  workers === null ? run.submission.engine === engine : isDeepStrictEqual(workersOf(run), workers);

const byEngine = ({ engine, workers }: Alike): string => {
  if (workers?.length === 0) return ' without an engine for its steps';
  const name = workers?.join(', ') ?? engine;
  return name === null ? '' : ` with engine ${name}`;
};

const groups = (runs: readonly Ended[], { workflow, source, labels }: Alike) => {
  const labelled = Object.keys(labels).length > 0;
  const sameSource = runs.filter((run) => hasSource(run, source));
  return [
    ...(labelled
      ? [
          {
            basis: `${workflow} by ${source} with the same labels`,
            runs: sameSource.filter((run) => hasLabels(run, labels)),
          },
        ]
      : []),
    { basis: `${workflow} by ${source}`, runs: sameSource },
    ...(labelled
      ? [{ basis: `${workflow} with the same labels`, runs: runs.filter((run) => hasLabels(run, labels)) }]
      : []),
    { basis: workflow, runs },
  ];
};

export interface Past {
  readonly list: Studio['list'];
  readonly log: Pick<EventLog, 'read'>;
}

const readCompleted = async ({ list, log }: Past, workflow: Workflow): Promise<readonly Ended[]> => {
  const runs: Ended[] = [];
  for await (const state of readStates(log, await newestCompleted(list, workflow)))
    if (state.lifecycle === 'ended' && state.outcome.kind === 'completed') runs.push(state);
  return runs;
};

/** What runs like one took, from the most alike of which there are some. Those of a workflow are read once. */
export const createEstimates = (past: Past): ((alike: Alike) => Promise<Estimate>) => {
  const known = new Map<Workflow, Promise<readonly Ended[]>>();
  return async (alike) => {
    const { workflow } = alike;
    const reading = known.get(workflow) ?? readCompleted(past, workflow);
    known.set(workflow, reading);
    const all = groups(
      (await reading).filter((run) => isByEngine(run, alike)),
      alike,
    );
    const chosen = all.find((group) => group.runs.length >= ENOUGH) ?? all.findLast((group) => group.runs.length > 0);
    return {
      basis: `completed runs: ${chosen?.basis ?? workflow}${byEngine(alike)}`,
      runs: chosen?.runs.length ?? 0,
      duration_ms: spreadOf((chosen?.runs ?? []).map(durationOf)),
      cost_usd: costOf(chosen?.runs ?? []),
    };
  };
};
