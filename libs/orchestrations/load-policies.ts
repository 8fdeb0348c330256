import { join } from 'node:path';
import type { Config } from '#contracts';
import type { ErrorPatterns, RoutingPolicy } from '#domain';
import { packageRoot } from '#runtime';
import { createPolicies, type Policies, type PoliciesOptions } from './policies.ts';

/**
 * The routing table that ships with Studio. Read by code that loads on the first call: most commands decide nothing,
 * and start faster without a YAML parser.
 * @throws {InvalidInput} with every problem of the file
 */
export const readRoutingPolicy = async (): Promise<RoutingPolicy> => {
  const { readRoutingFile } = await import('./routing-file.ts');
  return readRoutingFile(join(packageRoot(), 'data', 'routing.yaml'));
};

/** The error patterns that ship with Studio. @throws {InvalidInput} with every problem of the file */
export const readErrorPatterns = async (): Promise<ErrorPatterns['patterns']> => {
  const { readPatternsFile } = await import('./routing-file.ts');
  return readPatternsFile(join(packageRoot(), 'data', 'error-patterns.yaml'));
};

/** The sections of the configuration that a run is started under. */
export type RunConfig = Pick<Config, 'routing' | 'recovery' | 'interactions' | 'tasks'>;

/** The limits of new runs, as the configuration has them. */
export const limitsOf = ({ routing, recovery, interactions, tasks }: RunConfig): PoliciesOptions['limits'] => ({
  stepTries: recovery.step_tries,
  gateTries: recovery.gate_tries,
  leasesPerAttempt: recovery.leases_per_attempt,
  checkpointEvery: recovery.checkpoint_every,
  confirmThreshold: routing.confirm_threshold,
  replans: recovery.replans,
  repeats: recovery.repeats,
  questionRounds: interactions.rounds,
  readiness: interactions.readiness,
  questionMs: interactions.question_s * 1_000,
  decisionMs: interactions.decision_s * 1_000,
  childrenAtOnce: tasks.at_once,
});

/** The policies that a process starts new runs under: the shipped routing table with the limits of its configuration. */
export const loadPolicies = async ({
  log,
  config,
}: {
  readonly log: PoliciesOptions['log'];
  readonly config: RunConfig;
}): Promise<Policies> => createPolicies({ log, routing: await readRoutingPolicy(), limits: limitsOf(config) });
