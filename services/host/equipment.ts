import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createClassifier, type Equipment } from '#attempts';
import { createKnownOutages, type KnownOutages } from '#attempts/known-outages';
import type { BuilderEquipment } from '#builder';
import type { Config } from '#contracts';
import { teamPatterns } from '#domain';
import { AGENT_PROGRAMS } from '#engines';
import { createPricing, dayIn, readPrices } from '#money';
import { readErrorPatterns } from '#orchestrations';
import { readBuiltIn } from '#runtime';
import { createSandboxes, readSandboxData, type Sandboxes } from '#sandbox';
import { createRedactor, ForbiddenCommands, type ForbiddenRule, type WorkspaceSettings } from '#workspace';
import { browserOf, filesOfBrowser } from './browser.ts';
import { enginesOf } from './engines.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface EquipmentOptions {
  readonly config: Config;
  readonly studioDir: string;
  readonly env: Environment;
  /** What is known of providers, where it is to outlive a change of the configuration. */
  readonly outages?: KnownOutages;
}

/** Worktrees, dependencies and verdicts: all of it can be deleted, and none of it is in anybody's repository. */
export const cacheDirOf = (env: Environment): string =>
  join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), '.cache'), 'studio');

/** The built-in rules but for those that the team switched off, and the team's own. */
const forbiddenCommands = async ({ security }: Config): Promise<readonly ForbiddenRule[]> => {
  const { rules } = ForbiddenCommands.parse(await readBuiltIn('forbidden-commands'));
  const own = security.forbid.map(({ pattern, why }) => ({ id: 'security.forbid', pattern, why }));
  return [...own, ...rules.filter(({ id }) => !security.allow.includes(id))];
};

/** One a process: it tries out once what the machine can do. */
export const sandboxesOf = async (config: Config, env: Environment): Promise<Sandboxes> => {
  const { sandbox, engines } = config;
  const browser = browserOf(config, env);
  const read = [...sandbox.read, ...(browser ? filesOfBrowser(browser, env) : [])];
  return createSandboxes(
    { ...sandbox, read, models: modelHosts(engines, env), agents: AGENT_PROGRAMS, data: await readSandboxData() },
    env,
  );
};

/** Where the configuration of engines, or a variable for them, says that a model is. */
const modelHosts = (engines: Config['engines'], env: Environment): readonly string[] => {
  const variables = Object.entries(env).flatMap(([name, value]) => (/_BASE_URL$/.test(name) ? [value ?? ''] : []));
  const urls = [JSON.stringify(engines), ...variables].flatMap((text) => text.match(/https?:\/\/[^\s"'\\]+/g) ?? []);
  return [...new Set(urls.filter((url) => URL.canParse(url)).map(hostOf))];
};

const hostOf = (url: string): string => {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
};

export const settingsOf = async (config: Config): Promise<WorkspaceSettings> => ({
  setup: config.workspace.setup,
  copy: config.workspace.copy,
  commandTimeoutMs: config.workspace.command_timeout_s * 1_000,
  allowEnv: config.env.allow,
  security: { forbidden: await forbiddenCommands(config), secretFiles: config.security.secret_files },
});

/** What the workers of this process work with, from its configuration. */
export const equip = async ({
  config,
  studioDir,
  env,
  outages = createKnownOutages(),
}: EquipmentOptions): Promise<BuilderEquipment> => {
  const cacheDir = cacheDirOf(env);
  const nowhere = join(cacheDir, 'nowhere');
  await mkdir(nowhere, { recursive: true });
  const redact = createRedactor({
    patterns: config.redact.patterns,
    environment: env,
    secretNames: Object.values(config.engines.models).flatMap(({ api_key_env: name }) => name ?? []),
  });
  const pricing = createPricing({ lists: [config.prices.models, await readPrices()], unknown: config.prices.unknown });
  const browser = browserOf(config, env);
  const shared: Equipment = {
    engines: enginesOf(config, studioDir, env, pricing),
    preferences: config.engines,
    outages,
    settings: await settingsOf(config),
    cacheDir,
    studioDir,
    nowhere,
    environment: env,
    redact,
    sandboxes: await sandboxesOf(config, env),
    ...(browser && { browser }),
    // The team's own patterns are asked first.
    classifier: createClassifier([...teamPatterns(config.recovery.patterns), ...(await readErrorPatterns())], redact),
    human: { leaseMs: config.engines.human.lease_s * 1_000, workMs: config.engines.human.work_s * 1_000 },
    context: config.context,
    pricing,
    dayOf: dayIn(config.money.time_zone),
  };
  const { timeout_s, red_first: redFirst, ...gates } = config.gates;
  return { ...shared, gates, gateTimeoutMs: timeout_s * 1_000, redFirst };
};
