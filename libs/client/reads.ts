import { InvalidInput, ListQuery } from '#contracts';
import { createQuarantine, type Tail, unavailable } from '#events/redis';
import { problemsOf } from '#orchestrations';
import { workersAlive } from '#presence';
import { readList } from '#views';
import { checkpointsOf, handoffsOf } from './checkpoints.ts';
import { type ContextReadsOptions, createContextReads } from './context-reads.ts';
import { createFollow } from './follow.ts';
import { createInbox } from './inbox.ts';
import { createNeeds, createWorkspaces } from './needs.ts';
import { workersByRole } from './observe.ts';
import type { Parts } from './parts.ts';
import { readPolicy } from './policy.ts';
import { createReadRun } from './read-run.ts';
import { readAllStored } from './read-stored.ts';
import { createResolveId } from './resolve-id.ts';
import type { Studio } from './studio.ts';

type Reads = Pick<
  Studio,
  | 'resolve'
  | 'state'
  | 'why'
  | 'outsideRecovery'
  | 'checkpoints'
  | 'handoffs'
  | 'compare'
  | 'budget'
  | 'learnings'
  | 'list'
  | 'inbox'
  | 'workers'
  | 'rejections'
  | 'events'
  | 'follow'
  | 'head'
  | 'stored'
  | 'blob'
  | 'policy'
  | 'needs'
  | 'workspaces'
>;

const createList = ({ redis, tag, now }: Parts): Studio['list'] => {
  const quarantine = createQuarantine({ redis, tag });
  const read = async (query: ListQuery) => {
    const [workers, aside] = await Promise.all([workersAlive(redis, tag, now()), quarantine.list()]);
    const outside = {
      nowMs: now().getTime(),
      workers: workersByRole(workers),
      quarantined: new Set(aside.map(({ stream }) => stream)),
    };
    return readList({ redis, tag, outside }, query);
  };
  return async (query = {}) => {
    const parsed = ListQuery.safeParse(query);
    if (!parsed.success) throw new InvalidInput('the list query', problemsOf(parsed.error));
    return read(parsed.data).catch(unavailable);
  };
};

const createCompare =
  ({ log, studioDir }: Parts, resolve: Studio['resolve']): Studio['compare'] =>
  async (what) => {
    const { left, right = left, plans } = what;
    if (left === right && !plans) throw new InvalidInput('what to compare', ['name two runs, or two plans of one run']);
    const ids = await Promise.all([resolve(left), resolve(right)]);
    // Git is loaded for those who ask for files.
    const { compare } = await import('./compare.ts');
    return compare({ log, studioDir }, { ...what, left: ids[0], right: ids[1] });
  };

/** The half of a client that changes nothing, and needs no routing policy. */
export const createReads = (
  parts: Parts,
  { tail, limits }: { readonly tail: () => Tail } & Pick<ContextReadsOptions, 'limits'>,
): Reads => {
  const { redis, tag, log, now } = parts;
  const resolve = createResolveId(parts);
  const run = createReadRun(parts);
  const follow = createFollow({ ...parts, tail });
  const list = createList(parts);
  const state: Studio['state'] = async (id, at = 'now') => run.state(await resolve(id), at);
  return {
    ...createContextReads(parts, { resolve, stateOf: run.known, limits }),
    resolve,
    state,
    why: async (id) => run.why(await resolve(id)),
    outsideRecovery: async (id, agent) => run.outsideRecovery(await resolve(id), agent),
    checkpoints: async (id) => checkpointsOf(await run.known(await resolve(id))),
    handoffs: async (id) => handoffsOf(await run.known(await resolve(id))),
    compare: createCompare(parts, resolve),
    list,
    inbox: createInbox(parts, { list, state }),
    needs: createNeeds(parts),
    workspaces: createWorkspaces(list),
    workers: () => workersAlive(redis, tag, now()).catch(unavailable),
    rejections: (limit) => log.rejections(limit),
    events: async (id, range) => log.read(await resolve(id), range),
    async *follow(id, range) {
      yield* follow(range?.awaited ? id : await resolve(id), range);
    },
    head: async (id) => log.head(await resolve(id)),
    async *stored(id, to) {
      yield* readAllStored(log, await resolve(id), to);
    },
    blob: async (id, hash) => log.blob(await resolve(id), hash),
    policy: (hash) => readPolicy(log, hash),
  };
};
