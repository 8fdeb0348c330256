import type { Config } from '#contracts';
import { AGENT_PRESETS, agentEnvironment, chosenFrom, createAcpEngine, type Engine, hostsIn } from '#engines';
import { packageVersion } from '#runtime';

type Environment = Readonly<Record<string, string | undefined>>;
type Agent = Config['engines']['agents'][string];

/** What an agent may see of the environment: its account, where its model is, and what the configuration names. */
const environmentOf = ({ preset, env: allowed }: Agent, env: Environment): Record<string, string> => ({
  ...(preset ? { ...AGENT_PRESETS[preset].quiet, ...agentEnvironment(preset, env) } : {}),
  ...chosenFrom(env, allowed),
});

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
      needs: { ...(agent.preset && { agent: agent.preset }), environment, allow: hostsIn(environment) },
      timeoutMs: timeout_s * 1_000,
      silenceMs: silence_s * 1_000,
      version: packageVersion(),
    });
  });
