import { type CompareDocument, InvalidInput, type OutcomeKind } from '#contracts';
import { fold } from '#domain';
import { type EventLog, entryPages, type Recorded } from '#events';
import {
  type Comparison,
  comparePlans,
  compareRuns,
  type PlanPeriod,
  planPeriods,
  type VerifiedWork,
  verifiedWork,
} from '#replay';
import { changesBetween, treesOf } from '#repository';
import type { ComparedRuns } from './studio.ts';

export interface CompareDeps {
  readonly log: Pick<EventLog, 'read'>;
  /** Where folders without git have their repositories; `null`: this process does not look at files. */
  readonly studioDir: string | null;
}

/** One side of a comparison: a run, or the part of it in which one of its plans was in force. */
interface Side {
  readonly id: string;
  readonly number: number | null;
  readonly events: readonly Recorded[];
  readonly period: PlanPeriod | null;
  readonly outcome: OutcomeKind | null;
  readonly root: string | null;
  readonly commit: string | null;
  readonly works: readonly VerifiedWork[];
}

const readAll = async ({ log }: CompareDeps, id: string): Promise<readonly Recorded[]> => {
  const events: Recorded[] = [];
  for await (const page of entryPages((range) => log.read(id, range))) events.push(...page);
  return events;
};

/** @throws {InvalidInput} the run has had no such plan */
const periodOf = (id: string, events: readonly Recorded[], number: number): PlanPeriod => {
  const periods = planPeriods(events);
  const period = periods[number - 1];
  if (period) return period;
  const has = periods.length === 1 ? '1 plan' : `${periods.length} plans`;
  throw new InvalidInput('the plan', [`${id} has had ${has} so far, there is no plan ${number}`]);
};

const sideOf = async (deps: CompareDeps, id: string, number: number | null): Promise<Side> => {
  const all = await readAll(deps, id);
  const period = number === null ? null : periodOf(id, all, number);
  const events = period?.events ?? all;
  const last = events.at(-1)?.version ?? 0;
  const run = fold(all.slice(0, last));
  if (run.lifecycle === 'absent') throw new InvalidInput('the run', [`${id} has no facts`]);
  return {
    id,
    number,
    events,
    period,
    outcome: run.lifecycle === 'ended' ? run.outcome.kind : null,
    root: run.workspace?.root ?? null,
    commit: run.commit,
    works: verifiedWork(events),
  };
};

const factsOf = (left: Side, right: Side): CompareDocument['facts'] => {
  const compared: Comparison =
    left.period && right.period ? comparePlans(left.period, right.period) : compareRuns(left.events, right.events);
  if (compared.same) return { same: true, shared: compared.facts, left: null, right: null, difference: null };
  const { facts, left: one, right: other, difference } = compared;
  return {
    same: false,
    shared: facts,
    left: one && { ...one },
    right: other && { ...other },
    difference: difference && {
      field: difference.field,
      left: difference.left ?? null,
      right: difference.right ?? null,
    },
  };
};

type Files = CompareDocument['files'];

const notCompared = (why: string): Files => ({ same: null, why_not: why, first: null, changes: [] });

const commitsOf = ({ works, commit }: Side): readonly string[] => [
  ...new Set([...works.map((work) => work.commit), ...(commit ? [commit] : [])]),
];

/** The trees of a side, by commit, or the reason why they are not known here. */
const treesOfSide = async (side: Side, studioDir: string): Promise<ReadonlyMap<string, string> | string> => {
  const commits = commitsOf(side);
  if (side.root === null || commits.length === 0) return `${side.id} has no files so far`;
  const trees = await treesOf({ root: side.root, studioDir, commits });
  const missing = commits.filter((commit) => !trees.has(commit));
  return missing.length === 0 ? trees : `${side.root} does not have commit ${missing[0]} of ${side.id} here`;
};

/** The first work of the two, pairwise, after which the files are not the same. */
const firstParting = (left: Side, right: Side, tree: (commit: string | undefined) => string | undefined) => {
  for (let n = 0; n < Math.max(left.works.length, right.works.length); n += 1) {
    const [one, other] = [left.works[n], right.works[n]];
    if (tree(one?.commit) !== tree(other?.commit)) return { one, other, before: left.works[n - 1] };
  }
  return null;
};

const filesOf = async (left: Side, right: Side, { studioDir }: CompareDeps): Promise<Files> => {
  if (studioDir === null) return notCompared('this process does not look at files');
  const [lefts, rights] = await Promise.all([treesOfSide(left, studioDir), treesOfSide(right, studioDir)]);
  if (typeof lefts === 'string') return notCompared(lefts);
  if (typeof rights === 'string') return notCompared(rights);
  const tree = (commit: string | null | undefined) => (commit ? (lefts.get(commit) ?? rights.get(commit)) : undefined);
  const root = left.root ?? '';
  const both = left.root === right.root;
  const changes = async (from: string | null | undefined, to: string | null | undefined) =>
    both && from && to ? [...(await changesBetween({ root, studioDir, from, to }))] : [];
  const parting = firstParting(left, right, tree);
  const { one, other, before } = parting ?? {};
  return {
    same: tree(left.commit) === tree(right.commit),
    why_not: both
      ? null
      : `they are in different folders (${left.root}, ${right.root}): only whether they are the same can be told`,
    first: parting && {
      left: one ? { ...one } : null,
      right: other ? { ...other } : null,
      // Work that the other side has not got is shown by what it added.
      changes: await changes((one ?? before)?.commit, (other ?? before)?.commit),
    },
    changes: await changes(left.commit, right.commit),
  };
};

/**
 * Where two runs, or two plans of one, part: in facts and in files.
 * @throws {InvalidInput} one of them has had no such plan
 */
export const compare = async (
  deps: CompareDeps,
  { left, right, plans }: ComparedRuns & { readonly right: string },
): Promise<CompareDocument> => {
  const [one, other] = await Promise.all([
    sideOf(deps, left, plans?.[0] ?? null),
    sideOf(deps, right, plans?.[1] ?? null),
  ]);
  const named = ({ id, number, outcome, commit }: Side) => ({ id, plan: number, outcome, commit });
  return { left: named(one), right: named(other), facts: factsOf(one, other), files: await filesOf(one, other, deps) };
};
