import type { AgentPresetName, Config } from '#contracts';
import { aroundCalls, type Engine, findAgents, KNOWN_AGENTS } from '#engines';

type Environment = Readonly<Record<string, string | undefined>>;

/** Agents on the PATH about which nobody has decided yet. A name that the configuration gives to another engine is none. */
export const offersOf = ({ engines }: Config, env: Environment): readonly AgentPresetName[] => {
  const { allow, deny, commands, agents, models } = engines;
  const decided = new Set<string>([...allow, ...deny, ...[commands, agents, models].flatMap(Object.keys)]);
  return findAgents(env)
    .map(({ name }) => name)
    .filter((name) => !decided.has(name));
};

/** How agents that were found come to be used, for whoever waits for an engine. */
export const describeOffers = (offers: readonly AgentPresetName[]): string => {
  const titles = offers.map((name) => KNOWN_AGENTS[name].title).join(', ');
  const [first = ''] = offers;
  return `${titles} on the PATH may do it once it is allowed: studio engines --allow ${first}, or engines.allow: [${first}] in .studio/config.yaml; the account pays that is logged in to it`;
};

/** The same engine, whose blockers also name the agents that could be allowed. */
export const withOffers = (engine: Engine, offers: readonly AgentPresetName[]): Engine => {
  if (offers.length === 0) return engine;
  return aroundCalls(engine, async (ask, request, context) => {
    const outcome = await ask(request, context);
    return outcome.outcome === 'cannot' && 'unblock' in outcome
      ? { ...outcome, unblock: `${describeOffers(offers)}; or ${String(outcome.unblock)}` }
      : outcome;
  });
};
