import { type Config, InvalidInput } from '#contracts';
import { ErrorPatterns, RoutingPolicy } from '#domain';
import { readBuiltIn } from '#runtime';
import { createPolicies, type Policies, type PoliciesOptions } from './policies.ts';
import { problemsOf } from './problems.ts';

/** The routing table that ships with Studio. @throws {InvalidInput} with every problem of it */
export const readRoutingPolicy = async (): Promise<RoutingPolicy> => {
  const parsed = RoutingPolicy.safeParse(await readBuiltIn('routing'));
  if (!parsed.success) throw new InvalidInput('data/routing.yaml is not valid', problemsOf(parsed.error));
  return parsed.data;
};

/** The error patterns that ship with Studio. @throws {InvalidInput} with every problem of them */
export const readErrorPatterns = async (): Promise<ErrorPatterns['patterns']> => {
  const parsed = ErrorPatterns.safeParse(await readBuiltIn('error-patterns'));
  if (!parsed.success) throw new InvalidInput('data/error-patterns.yaml is not valid', problemsOf(parsed.error));
  return parsed.data.patterns;
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
