import { RoutingPolicy } from '#domain';
import type { EventLog } from '#events';
import { policyHash, readRoutingPolicy } from '#orchestrations';

/** The routing table that new runs are decided by here, when it is the one with this hash. Needs no Redis. */
export const currentPolicy = async (hash: string): Promise<RoutingPolicy | null> => {
  const routing = await readRoutingPolicy();
  return policyHash(routing) === hash ? routing : null;
};

/** The routing table with this hash, as the log kept it for the runs that name it. */
export const readPolicy = async (log: Pick<EventLog, 'policy'>, hash: string): Promise<RoutingPolicy | null> => {
  const stored = await log.policy(hash);
  return stored === null ? null : RoutingPolicy.parse(JSON.parse(stored));
};
