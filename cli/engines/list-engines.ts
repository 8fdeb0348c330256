import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AgentPresetName, type Config } from '#contracts';
import { agentVersion, type Engine, findAgents, loginOf } from '#engines';
import type { Io } from '../io.ts';
import type { ListedEngine } from '../render/engines.ts';

const run = promisify(execFile);

type Settings = Config['engines'];

/** What is the same of all engines that are no agent on the PATH. */
const ELSEWHERE = { path: null, version: null, logged_in: null, lacks: null };

const accountOf = (name: string, { agents, models, commands }: Settings, env: Io['env']): string | null => {
  const preset = agents[name]?.preset ?? commands[name]?.preset;
  if (preset) return loginOf(preset, env, process.platform).account;
  if (name in models) return `the account of ${models[name]?.api_key_env ?? 'its API key'}`;
  return null;
};

const BUILT_IN = ['recipes', 'human'];

const sourceOf = (name: string, { commands, agents, models }: Settings): string => {
  if (name in commands) return 'engines.commands';
  if (name in agents) return 'engines.agents';
  if (name in models) return 'engines.models';
  return BUILT_IN.includes(name) ? 'built in' : 'environment';
};

const configured = ({ name, can, lacks }: Engine, settings: Settings, env: Io['env']): ListedEngine => ({
  name,
  from: sourceOf(name, settings),
  state: 'configured',
  plan: can.plan,
  work: can.work,
  decompose: can.decompose,
  command: settings.commands[name]?.command ?? settings.agents[name]?.command ?? null,
  account: accountOf(name, settings, env),
  ...ELSEWHERE,
  lacks: lacks ? { reason: lacks.reason, unblock: lacks.unblock } : null,
});

/** Asks the program itself where its package does not say: it was installed another way. */
const versionOf = async (name: AgentPresetName, file: string, { PATH = '', HOME = '/' }: Io['env']) => {
  const known = agentVersion(name, file);
  if (known !== null) return known;
  const asked = await run(file, ['--version'], { env: { PATH, HOME }, timeout: 5_000 }).catch(() => null);
  return /\d+\.\d+\.\d+\S*/.exec(asked?.stdout ?? '')?.[0] ?? null;
};

const ALL = { plan: true, work: true, decompose: true };
const NONE = { plan: false, work: false, decompose: false };

const stateOf = (name: AgentPresetName, { allow, deny }: Settings): ListedEngine['state'] => {
  if (allow.includes(name)) return 'allowed';
  return deny.includes(name) ? 'denied' : 'found';
};

/** Agents that were found, and those that may be used and are not there. */
const agentsOnPath = async (settings: Settings, env: Io['env'], taken: ReadonlySet<string>) => {
  const found = findAgents(env).filter(({ name }) => !taken.has(name));
  const listed = found.map(async ({ name, file }): Promise<ListedEngine> => {
    const { loggedIn, account } = loginOf(name, env, process.platform);
    const version = await versionOf(name, file, env);
    const state = stateOf(name, settings);
    const place = { path: file, version, logged_in: loggedIn };
    return { name, from: 'PATH', state, ...ALL, command: null, account, ...ELSEWHERE, ...place };
  });
  const missing = settings.allow
    .filter((name) => !taken.has(name) && !found.some((agent) => agent.name === name))
    .map(
      (name): ListedEngine => ({
        name,
        from: 'PATH',
        state: 'missing',
        ...NONE,
        command: null,
        account: null,
        ...ELSEWHERE,
      }),
    );
  return [...(await Promise.all(listed)), ...missing];
};

/** Every engine that there is, and every agent that could be one. Nothing is asked of any network. */
export const listEngines = async (
  engines: readonly Engine[],
  settings: Settings,
  env: Io['env'],
): Promise<readonly ListedEngine[]> => {
  const taken = new Set([settings.commands, settings.agents, settings.models].flatMap(Object.keys));
  const isFromPath = (name: string): boolean => AgentPresetName.safeParse(name).success && !taken.has(name);
  const others = engines.filter(({ name }) => !isFromPath(name)).map((engine) => configured(engine, settings, env));
  const builtIn = others.filter(({ from }) => from === 'built in');
  return [
    ...others.filter(({ from }) => from !== 'built in'),
    ...(await agentsOnPath(settings, env, taken)),
    ...builtIn,
  ];
};
