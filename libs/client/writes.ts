import type { Config } from '#contracts';
import { RuleViolation } from '#contracts';
import type { Command } from '#domain';
import { createIntakeGuard, createQuarantine } from '#events/redis';
import {
  commandOf,
  createIntake,
  createOrchestrations,
  createPolicies,
  createRedisClaims,
  limitsOf,
  readRoutingPolicy,
} from '#orchestrations';
import type { Parts } from './parts.ts';
import { createReadRun } from './read-run.ts';
import { routeGoal } from './route-goal.ts';
import type { Studio } from './studio.ts';

export interface WritesOptions {
  /** The limits of runs that are started from here. */
  readonly config: Pick<Config, 'routing' | 'recovery'>;
  /** For the audit trail: `person:alice`, `service:gateway`. */
  readonly actor: string;
  /** Uniform in [0, 1). */
  readonly draw: () => number;
  readonly resolve: Studio['resolve'];
}

type Writes = Pick<Studio, 'submit' | 'route' | 'control' | 'land'>;

const createDecisions = ({ redis, tag, log, now }: Parts, { config, draw }: WritesOptions) => {
  const routing = readRoutingPolicy();
  const policies = createPolicies({ log, routing, limits: limitsOf(config) });
  const orchestrations = createOrchestrations({ log, policies, now, draw });
  const claims = createRedisClaims(redis, tag);
  const intake = createIntake({ orchestrations, log, claims, policies, now, guard: createIntakeGuard({ redis }) });
  let published: Promise<void> | null = null;
  return {
    orchestrations,
    intake,
    route: (goal: string, tasks: readonly string[]) => routeGoal(goal, { policy: policies.current, routing, tasks }),
    /** Runs name their policy, so it is stored before the first of them. A try that failed is made again. */
    publish: (): Promise<void> => {
      published ??= policies.publish().catch((error: unknown) => {
        published = null;
        throw error;
      });
      return published;
    },
  };
};

/** The half of a client that decides. The routing table is read at the first decision: most commands need none. */
export const createWrites = (parts: Parts, options: WritesOptions): Writes => {
  const { actor, resolve } = options;
  const quarantine = createQuarantine(parts);
  const run = createReadRun(parts);
  let made: ReturnType<typeof createDecisions> | null = null;
  const decisions = () => {
    made ??= createDecisions(parts, options);
    return made;
  };

  const execute = async (id: string, command: Command) => {
    const stream = await resolve(id);
    const aside = await quarantine.get(stream);
    if (aside)
      throw new RuleViolation(
        'quarantined',
        `${stream} is set aside since ${aside.time} (${aside.code}: ${aside.message}) and takes no command; studio why ${stream} tells more`,
        { id: stream, code: aside.code },
      );
    await decisions().orchestrations.execute(stream, command, { actor });
    return stream;
  };

  return {
    async submit(goal, { trigger = 'client', source = `client ${actor}`, planSource } = {}) {
      await decisions().publish();
      const origin = { trigger, actor, source, ...(planSource === undefined ? {} : { planSource }) };
      return (await decisions().intake(goal, origin)).answer;
    },
    route: (goal, { tasks = [] } = {}) => decisions().route(goal, tasks),
    control: async (id, control) => run.state(await execute(id, commandOf(control)), 'now'),
    land: async (id, what) => void (await execute(id, { type: 'land', ...what })),
  };
};
