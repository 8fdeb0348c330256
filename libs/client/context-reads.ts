import { distinctLearnings, tierOf } from '#context';
import type { ContextPolicy, LearningsDocument, LearningsQuery } from '#contracts';
import { budgetDocument, runningChildren, type State, spendDocument } from '#domain';
import { readLearnings } from '#learnings';
import { readLearned } from '#views';
import { loadState } from './load-state.ts';
import type { Parts } from './parts.ts';
import type { Studio } from './studio.ts';
import { unavailable } from './unavailable.ts';

export interface ContextReadsOptions {
  readonly resolve: Studio['resolve'];
  readonly stateOf: (id: string) => Promise<Exclude<State, { lifecycle: 'absent' }>>;
  /** The limits of a run that was allocated none yet. */
  readonly limits: () => Promise<ContextPolicy>;
}

/** A run without facts about its context: the limits that a new one would have. */
const NOTHING_GIVEN = { id: '', context: { allocated: null, given: [], optimised: [] } } as const;

/** What agents are given to read. */
export const createContextReads = (
  { redis, tag, log, now }: Parts,
  { resolve, stateOf, limits }: ContextReadsOptions,
): Pick<Studio, 'budget' | 'learnings'> => {
  const entriesOf = async ({ workspace }: LearningsQuery) =>
    (workspace === undefined ? null : await readLearnings(workspace)) ??
    (await readLearned(redis, tag, workspace ?? null).catch(unavailable));

  return {
    async budget(id) {
      const policy = await limits();
      if (id === null) return { ...budgetDocument(NOTHING_GIVEN, policy), id: null, spend: null };
      const run = await stateOf(await resolve(id));
      const tasks = await Promise.all(
        runningChildren(run).flatMap((child) => (child.id ? [loadState(log, child.id)] : [])),
      );
      return { ...budgetDocument(run, policy), spend: spendDocument(run, tasks) };
    },

    async learnings(query = {}): Promise<LearningsDocument> {
      const time = now().toISOString();
      const wanted = (await entriesOf(query)).filter(({ domain }) => domain === (query.domain ?? domain));
      return { learnings: distinctLearnings(wanted).map((entry) => ({ ...entry, tier: tierOf(entry.time, time) })) };
    },
  };
};
