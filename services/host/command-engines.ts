import type { Config } from '#contracts';
import {
  agentEnvironment,
  type Capabilities,
  createCommandEngine,
  createHeadlessEngine,
  type Engine,
  findAgents,
  KNOWN_AGENTS,
} from '#engines';

type Environment = Readonly<Record<string, string | undefined>>;
type CommandSettings = Config['engines']['commands'][string];

const capabilities = (can: CommandSettings['can']): Capabilities => ({
  plan: can.includes('plan'),
  work: can.includes('work'),
  decompose: can.includes('decompose'),
});

const ALL: Capabilities = { plan: true, work: true, decompose: true };

const commandEngine = (name: string, settings: CommandSettings, env: Environment): Engine => {
  const { command = '', preset, args = [], can, timeout_s: seconds, silence_s } = settings;
  const common = { name, can: capabilities(can), timeoutMs: seconds * 1_000 };
  // One of both is named: the schema sees to it.
  if (preset === undefined) return createCommandEngine({ ...common, command });
  const agent = KNOWN_AGENTS[preset];
  const environment = agentEnvironment(preset, env);
  const canSetting = `engines.commands.${name}.can`;
  const silenceMs = silence_s * 1_000;
  return createHeadlessEngine({ ...common, silenceMs, agent, file: agent.program, args, canSetting, environment });
};

/** Programs of the configuration, in its order. */
export const commandEngines = ({ engines }: Config, env: Environment): readonly Engine[] =>
  Object.entries(engines.commands).map(([name, settings]) => commandEngine(name, settings, env));

/** Coding agents on the PATH that may be used. A name that the configuration gives to another engine is that one's. */
export const pathEngines = (
  { engines: { allow } }: Config,
  env: Environment,
  taken: readonly string[],
): readonly Engine[] =>
  findAgents(env)
    .filter(({ name }) => allow.includes(name) && !taken.includes(name))
    .map(({ name, file }) =>
      createHeadlessEngine({
        name,
        agent: KNOWN_AGENTS[name],
        file,
        can: ALL,
        canSetting: 'engines.allow',
        environment: agentEnvironment(name, env),
      }),
    );
