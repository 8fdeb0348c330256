import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Config, InvalidInput } from '#contracts';
import { RoutingPolicy } from '#domain';
import { packageRoot } from '#runtime';
import { createPolicies, type Policies, type PoliciesOptions } from './policies.ts';
import { problemsOf } from './problems.ts';

/**
 * The routing table that ships with Studio.
 * @throws {InvalidInput} with every problem of the file
 */
export const readRoutingPolicy = (file: string = join(packageRoot(), 'data', 'routing.yaml')): RoutingPolicy => {
  const parsed = RoutingPolicy.safeParse(parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new InvalidInput(`the routing table ${file} is not valid`, problemsOf(parsed.error));
  return parsed.data;
};

/** The limits of new runs, as the configuration has them. */
export const limitsOf = ({ routing, recovery }: Pick<Config, 'routing' | 'recovery'>): PoliciesOptions['limits'] => ({
  stepTries: recovery.step_tries,
  gateTries: recovery.gate_tries,
  leasesPerAttempt: recovery.leases_per_attempt,
  checkpointEvery: recovery.checkpoint_every,
  confirmThreshold: routing.confirm_threshold,
});

/** The policies that a process starts new runs under: the shipped routing table with the limits of its configuration. */
export const loadPolicies = ({
  log,
  config,
}: {
  readonly log: PoliciesOptions['log'];
  readonly config: Pick<Config, 'routing' | 'recovery'>;
}): Policies => createPolicies({ log, routing: readRoutingPolicy(), limits: limitsOf(config) });
