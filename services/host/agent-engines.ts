import type { Config } from '#contracts';
import { AGENT_PRESETS, createAcpEngine, type Engine, KNOWN_AGENTS } from '#engines';
import { packageVersion } from '#runtime';

type Environment = Readonly<Record<string, string | undefined>>;
type Agent = Config['engines']['agents'][string];

/** What an agent may see of the environment: its account, and where its model is. */
const environmentOf = ({ preset, env: allowed }: Agent, env: Environment): Record<string, string> => {
  const { quiet = {}, env: names = [] } = preset ? AGENT_PRESETS[preset] : {};
  const chosen: Record<string, string> = { ...quiet };
  for (const name of [...names, ...allowed]) {
    const value = env[name];
    if (value !== undefined) chosen[name] = value;
  }
  return chosen;
};

/** Hosts of models that somebody moved. */
const hostsIn = (environment: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    name.endsWith('_BASE_URL') && URL.canParse(value) ? [new URL(value).host] : [],
  );

/** The same as where the agent is asked without a protocol. */
const needsOf = ({ preset }: Agent, environment: Readonly<Record<string, string>>) => {
  const { hosts, write } = preset ? KNOWN_AGENTS[preset].needs : { hosts: [], write: [] };
  return { allow: [...hosts, ...hostsIn(environment)], write };
};

/** The agents of the configuration that speak the Agent Client Protocol, in its order. */
export const agentEngines = ({ engines }: Config, env: Environment): readonly Engine[] =>
  Object.entries(engines.agents).map(([name, agent]) => {
    const { can, timeout_s, silence_s, permissions, unattended, mode = null } = agent;
    const preset = agent.preset ? AGENT_PRESETS[agent.preset] : null;
    const environment = environmentOf(agent, env);
    return createAcpEngine({
      name,
      preset,
      // One of both is named: the schema sees to it.
      command: agent.command ?? preset?.command ?? '',
      mode,
      permissions,
      unattended,
      can: { plan: can.includes('plan'), work: can.includes('work'), decompose: can.includes('decompose') },
      environment,
      needs: needsOf(agent, environment),
      timeoutMs: timeout_s * 1_000,
      silenceMs: silence_s * 1_000,
      version: packageVersion(),
    });
  });
