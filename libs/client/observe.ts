import type { Redis } from 'ioredis';
import type { Role, WorkerDocument } from '#contracts';
import { currentInvocation, type Observed, type State } from '#domain';
import type { EventLog } from '#events';
import { createQuarantine } from '#events/redis';
import { createLedger } from '#money';
import { workersAlive } from '#presence';
import { observeChildren } from './observe-children.ts';

export interface ObserveDeps {
  readonly redis: Redis;
  readonly tag: string;
  readonly now: () => Date;
  readonly log: Pick<EventLog, 'read'>;
}

export const workersByRole = (workers: readonly WorkerDocument[]): Observed['workers'] => {
  const count = (role: Role) => workers.filter(({ service }) => service === role).length;
  return { architect: count('architect'), planner: count('planner'), builder: count('builder') };
};

/**
 * Where a job stands. Reads the keys of BullMQ as they are (`wait` is taken from its right end, then `prioritized` by
 * rank), because importing BullMQ costs a command more time than all the rest of it.
 */
const readJob = async (redis: Redis, tag: string, role: Role, id: string): Promise<Observed['job']> => {
  const queue = `${tag}:agent-${role}`;
  const [exists, position, waiting, rank] = await Promise.all([
    redis.exists(`${queue}:${id}`),
    redis.lpos(`${queue}:wait`, id),
    redis.llen(`${queue}:wait`),
    redis.zrank(`${queue}:prioritized`, id),
  ]);
  if (position !== null) return { state: 'waiting', ahead: waiting - 1 - position };
  if (rank !== null) return { state: 'waiting', ahead: waiting + rank };
  return { state: exists === 1 ? 'active' : 'missing', ahead: 0 };
};

/** What a wait reason needs to know that is not in the log. */
export const observe = async (state: State, { redis, tag, now, log }: ObserveDeps): Promise<Observed> => {
  const current = state.lifecycle === 'live' ? currentInvocation(state) : undefined;
  const job =
    state.lifecycle === 'live' && current?.status === 'active' && current.dispatch !== null
      ? readJob(redis, tag, current.role, `${state.id}-${current.dispatch}`)
      : null;
  const [alive, lacks, quarantined] = await Promise.all([
    workersAlive(redis, tag, now()),
    state.lifecycle === 'live' ? createLedger(redis, tag).lacks(state.id) : null,
    state.lifecycle === 'live' ? createQuarantine({ redis, tag }).get(state.id) : null,
  ]);
  const workers = workersByRole(alive);
  return {
    workers,
    children: await observeChildren(state, log, { workers, now: now() }),
    lacks,
    job: await job,
    quarantined: quarantined && `${quarantined.group} gave up on it: ${quarantined.message} (${quarantined.code})`,
  };
};
