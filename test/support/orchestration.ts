import { isDeepStrictEqual } from 'node:util';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectStudio, type Studio } from '#client';
import { type Config, Role } from '#contracts';
import { absent, evolve, nothingObserved, RoutingPolicy, react, type State, stateDocument, waitReason } from '#domain';
import { type EventLog, type Recorded, verifyChain } from '#events';
import { createRedisEventLog } from '#events/redis';
import { workJobId, workQueue } from '#queues';
import { verifyDecisions } from '#replay';
import { loadConfig } from '#runtime';
import { settled } from './settled.ts';

/** Where the runs to be audited are. */
export interface Place {
  readonly redis: Redis;
  readonly tag: string;
}

const PAGE = 1_000;

/** The built-in configuration, with nothing of this machine's. */
export const builtInConfig = async (env: Readonly<Record<string, string>> = {}): Promise<Config> =>
  (await loadConfig({ file: null, env })).config;

/** A client as any program would have one. */
export const studioAt = async ({ redis, tag }: Place, env: Readonly<Record<string, string>> = {}): Promise<Studio> =>
  connectStudio({ redis, tag, config: await builtInConfig(env), actor: 'person:test' });

const allStreams = async (log: EventLog): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await log.streams('all', after === undefined ? { limit: PAGE } : { after, limit: PAGE });
    found.push(...page);
    after = page.at(-1);
    if (after === undefined || page.length < PAGE) return found;
  }
};

const readAll = async <T extends { readonly version: number }>(
  read: (after: number) => Promise<readonly T[]>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  for (;;) {
    const page = await read(all.at(-1)?.version ?? 0);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
};

/** Bytes, hashes and the head in the index: of what there is now, for a run may go on. */
const auditChain = async (log: EventLog, id: string): Promise<readonly string[]> => {
  const head = await log.head(id);
  const entries = await readAll((after) => log.readStored(id, { after, limit: PAGE }));
  const verdict = verifyChain(entries.slice(0, head.version), head);
  return verdict.ok ? [] : [`${id}: the chain is broken at ${verdict.version}: ${verdict.reason}`];
};

const auditDecisions = async (log: EventLog, id: string, events: readonly Recorded[]): Promise<readonly string[]> => {
  const hashes = new Set(events.flatMap((event) => (event.type === 'goal.submitted' ? [event.data.policy.hash] : [])));
  const tables = new Map<string, RoutingPolicy>();
  for (const hash of hashes) {
    const stored = await log.policy(hash);
    if (stored !== null) tables.set(hash, RoutingPolicy.parse(JSON.parse(stored)));
  }
  const verified = verifyDecisions(events, (hash) => tables.get(hash) ?? null);
  return verified.outcome === 'agrees' ? [] : [`${id}: today's code decides otherwise: ${JSON.stringify(verified)}`];
};

/** What the client serves at every version is the fold of the log up to it, step by step. */
const auditStates = async (studio: Studio, id: string, events: readonly Recorded[]): Promise<readonly string[]> => {
  const problems: string[] = [];
  let state: State = absent;
  for (const event of events) {
    state = evolve(state, event);
    if (state.lifecycle === 'absent') return [`${id}: version ${event.version} folds to nothing`];
    const folded = stateDocument(state, waitReason(state, nothingObserved, state.updatedAt));
    const served = await studio.state(id, { version: event.version });
    if (!isDeepStrictEqual(served, folded)) problems.push(`${id}: another state is served at version ${event.version}`);
  }
  return problems;
};

/** A live run has a wish or waits for a person, and can say why it is where it is. One that just ended waits for nothing. */
const auditLive = async (studio: Studio, log: EventLog): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const id of await log.streams('live', { limit: PAGE }))
    if ((await studio.why(id)).wait === null && (await studio.state(id)).outcome === null)
      problems.push(`${id} lives without a reason`);
  return problems;
};

/** Jobs that no run wishes for. A worker throws such a job away as soon as it sees it, so they do not last. */
const unwishedJobs = async ({ redis, tag }: Place, log: EventLog): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const role of Role.options) {
    const queue = new Queue(workQueue(role), { connection: redis, prefix: tag });
    const jobs = await queue.getJobs(['active', 'waiting', 'prioritized', 'delayed']);
    await queue.close();
    for (const id of jobs.flatMap((job) => (job?.id === undefined ? [] : [job.id])))
      if (!(await isWished(id, log))) problems.push(`job ${id} on ${workQueue(role)} is wished for by nobody`);
  }
  return problems;
};

const isWished = async (jobId: string, log: EventLog): Promise<boolean> => {
  const id = jobId.replace(/-\d+$/, '');
  let state: State = absent;
  for (const event of await readAll((after) => log.read(id, { after, limit: PAGE }))) state = evolve(state, event);
  return react(state).some((wish) => wish.do === 'run' && workJobId(id, wish.dispatch) === jobId);
};

/** The list names every run at the version where the log has it. */
const auditList = async (studio: Studio, log: EventLog, ids: readonly string[]): Promise<readonly string[]> => {
  const rows = new Map<string, number>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await studio.list(cursor === undefined ? { limit: PAGE } : { limit: PAGE, cursor });
    for (const row of page.orchestrations) rows.set(row.id, row.version);
    cursor = page.next_cursor;
  }
  const problems: string[] = [];
  for (const id of ids) {
    const { version } = await log.head(id);
    if (rows.get(id) !== version) problems.push(`${id} is listed at version ${rows.get(id)}, the log is at ${version}`);
  }
  return problems;
};

export interface AuditOptions {
  /** False where no projector runs. */
  readonly listed?: boolean;
}

/**
 * What must hold after any test that ran orchestrations: every chain verifies against its head, every decision is
 * decided so again, the fold is what is served at each version, the list agrees, whatever lives has a reason, and no
 * queue holds work that no run wishes for.
 * @returns every breach, in words
 */
export const auditOrchestrations = async (place: Place, { listed = true }: AuditOptions = {}) => {
  const log = createRedisEventLog(place);
  const studio = await studioAt(place);
  try {
    const ids = await allStreams(log);
    const problems: string[] = [];
    for (const id of ids) {
      const events = await readAll((after) => log.read(id, { after, limit: PAGE }));
      problems.push(...(await auditChain(log, id)));
      problems.push(...(await auditDecisions(log, id, events)));
      problems.push(...(await auditStates(studio, id, events)));
    }
    problems.push(...(await auditLive(studio, log)));
    problems.push(...(await settled(() => unwishedJobs(place, log))));
    if (listed) problems.push(...(await settled(() => auditList(studio, log, ids))));
    return problems;
  } finally {
    await studio.close();
  }
};
