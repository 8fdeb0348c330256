import { createHash } from 'node:crypto';
import { NotFound } from '#contracts';
import { RoutingPolicy } from '#domain';
import type { EventLog, Policy } from '#events';

/** The policies that new runs are started under, and the ones that stored runs were. */
export interface Policies {
  /** Frozen into each new run. */
  readonly current: Policy;
  /** The routing table with this hash, from the log where it is not the current one. */
  routing(hash: string): Promise<RoutingPolicy>;
  /** Stores the current table under its hash, so that any log that names it can be replayed. Once a process. */
  publish(): Promise<void>;
}

export interface PoliciesOptions {
  readonly log: Pick<EventLog, 'putPolicy' | 'policy'>;
  readonly routing: RoutingPolicy;
  readonly limits: Omit<Policy, 'hash'>;
}

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/** Names a routing table: what `goal.submitted` and `route.decided` record. */
export const policyHash = (routing: RoutingPolicy): string => hashOf(JSON.stringify(routing));

export const createPolicies = ({ log, routing, limits }: PoliciesOptions): Policies => {
  const document = JSON.stringify(routing);
  const hash = hashOf(document);
  const known = new Map([[hash, routing]]);
  return {
    current: { hash, ...limits },
    async routing(wanted) {
      const found = known.get(wanted);
      if (found) return found;
      const stored = await log.policy(wanted);
      if (stored === null) throw new NotFound(`the log has no policy ${wanted}`, { hash: wanted });
      const parsed = RoutingPolicy.parse(JSON.parse(stored));
      known.set(wanted, parsed);
      return parsed;
    },
    publish: () => log.putPolicy(hash, document),
  };
};
