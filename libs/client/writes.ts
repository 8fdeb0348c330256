import { InvalidInput, namedEngines, RuleViolation, type TaskInput } from '#contracts';
import type { Command } from '#domain';
import { createInstallStream, createIntakeGuard, createQuarantine } from '#events/redis';
import {
  commandOf,
  createFork,
  createIntake,
  createOrchestrations,
  createPolicies,
  createRedisClaims,
  limitsOf,
  readRoutingPolicy,
  unknownEngineProblems,
} from '#orchestrations';
import { createUnknownEngines } from '#presence';
import { dryRun } from './dry-run/dry-run.ts';
import type { LookAhead } from './dry-run/preview.ts';
import { createEveryRun } from './every-run.ts';
import type { ConnectStudioOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { createReadRun } from './read-run.ts';
import { routeGoal } from './route-goal.ts';
import type { Studio } from './studio.ts';
import type { HandFolders } from './work/hand-folders.ts';
import { createWork } from './work/work.ts';

export interface WritesOptions {
  /** The limits of runs that are started from here. */
  readonly config: ConnectStudioOptions['config'];
  /** For the audit trail: `person:alice`, `service:gateway`. */
  readonly actor: string;
  /** Uniform in [0, 1). */
  readonly draw: () => number;
  readonly resolve: Studio['resolve'];
  readonly list: Studio['list'];
  readonly lookAhead: LookAhead | null;
  readonly handFolders: (() => Promise<HandFolders>) | null;
  readonly engineNames: ConnectStudioOptions['engineNames'];
}

type Writes = Pick<
  Studio,
  'submit' | 'route' | 'dryRun' | 'control' | 'everyRun' | 'land' | 'fork' | 'work' | 'take' | 'handIn'
>;

const createDecisions = async (parts: Parts, { config, draw, list, lookAhead, engineNames }: WritesOptions) => {
  const { redis, tag, log, now } = parts;
  const [limits, routing] = await Promise.all([typeof config === 'function' ? config() : config, readRoutingPolicy()]);
  const policies = createPolicies({ log, routing, limits: limitsOf(limits) });
  const orchestrations = createOrchestrations({ log, policies, now, draw });
  const claims = createRedisClaims(redis, tag);
  const guard = createIntakeGuard({ redis });
  const unknownEngines = createUnknownEngines({ redis, tag, now, possible: engineNames });
  const intake = createIntake({ orchestrations, log, claims, policies, now, guard, unknownEngines });
  const fork = createFork({ log, policies, now, draw, install: createInstallStream({ redis, tag }) });
  const publish = once(policies.publish);
  return {
    orchestrations,
    fork: async (...[request, by]: Parameters<typeof fork>) => {
      await guard();
      const engines = await unknownEngines(namedEngines(request.changes.engine));
      if (engines) throw new InvalidInput('the fork', unknownEngineProblems(engines));
      return fork(request, by);
    },
    route: (goal: string, tasks: readonly TaskInput[]) => routeGoal(goal, { policy: policies.current, routing, tasks }),
    dryRun: (goal: unknown, planSource: string | undefined) =>
      dryRun(goal, parts, { policy: policies.current, routing, list, lookAhead, planSource }),
    /** Runs name their policy, so it is stored before the first of them. */
    intake: async (...call: Parameters<typeof intake>) => {
      await publish();
      return intake(...call);
    },
  };
};

/** The first call does it, the others join it; what failed is done again. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
};

/** The half of a client that decides. The routing table is read at the first decision: most commands need none. */
export const createWrites = (parts: Parts, options: WritesOptions): Writes => {
  const { actor, resolve, handFolders } = options;
  const quarantine = createQuarantine(parts);
  const run = createReadRun(parts);
  const decisions = once(() => createDecisions(parts, options));

  const execute = async (id: string, command: Command) => {
    const stream = await resolve(id);
    const aside = await quarantine.get(stream);
    if (aside)
      throw new RuleViolation(
        'quarantined',
        `${stream} is set aside since ${aside.time} (${aside.code}: ${aside.message}) and takes no command; studio why ${stream} tells more`,
        { id: stream, code: aside.code },
      );
    const { orchestrations } = await decisions();
    await orchestrations.execute(stream, command, { actor });
    return stream;
  };

  return {
    async submit(goal, { trigger = 'client', source = `client ${actor}`, planSource } = {}) {
      const { intake } = await decisions();
      const origin = { trigger, actor, source, ...(planSource === undefined ? {} : { planSource }) };
      return intake(goal, origin);
    },
    route: async (goal, { tasks = [] } = {}) => (await decisions()).route(goal, tasks),
    dryRun: async (goal, { planSource } = {}) => (await decisions()).dryRun(goal, planSource),
    everyRun: createEveryRun({
      log: parts.log,
      load: async (id) => (await decisions()).orchestrations.load(id),
      give: (id, wanted, reason) =>
        execute(id, wanted === 'pause' ? { type: 'pause', reason } : { type: 'resume', checkpoint: null }),
    }),
    control: async (id, control) => run.state(await execute(id, commandOf(control)), 'now'),
    async fork(id, { at = 'now', changes = {} } = {}) {
      const from = await resolve(id);
      const { fork } = await decisions();
      const { id: forked, version, checkpoint, state } = await fork({ from, at, changes }, { actor });
      return { id: forked, from, version, checkpoint, commit: state.lifecycle === 'absent' ? null : state.commit };
    },
    ...createWork({
      resolve,
      execute,
      known: run.known,
      state: (id) => run.state(id, 'now'),
      folders: handFolders,
    }),
    land: async (id, what) => void (await execute(id, { type: 'land', ...what })),
  };
};
