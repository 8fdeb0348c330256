import { RoutingPolicy } from '#domain';
import type { EventLog } from '#events';
import { policyHash, readRoutingPolicy } from '#orchestrations';

/** The routing table that new runs are decided by here, when it is the one with this hash. */
const currentPolicy = async (hash: string): Promise<RoutingPolicy | null> => {
  const routing = await readRoutingPolicy();
  return policyHash(routing) === hash ? routing : null;
};

/**
 * The routing table with this hash out of an export, or else the current one. Needs no Redis.
 * @returns null where the file has none, or one that was changed, and the current one is another
 */
export const policyIn = async (exported: ReadonlyMap<string, string>, hash: string): Promise<RoutingPolicy | null> => {
  const content = exported.get(hash);
  const parsed = content === undefined ? null : RoutingPolicy.safeParse(JSON.parse(content));
  return parsed?.success && policyHash(parsed.data) === hash ? parsed.data : currentPolicy(hash);
};

/** The routing table with this hash, as the log kept it for the runs that name it. */
export const readPolicy = async (log: Pick<EventLog, 'policy'>, hash: string): Promise<RoutingPolicy | null> => {
  const stored = await log.policy(hash);
  return stored === null ? null : RoutingPolicy.parse(JSON.parse(stored));
};
