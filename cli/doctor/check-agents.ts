import type { Config } from '#contracts';
import { findAgents } from '#engines';
import type { Io } from '../io.ts';
import type { Check } from '../render/diagnosis.ts';

/** Agents that may be used and are not there, and those that are there and nobody has decided about. */
export const checkAgents = ({ engines }: Config, { env }: Io): readonly Check[] => {
  const { allow, deny, commands, agents, models } = engines;
  const taken = [commands, agents, models].flatMap(Object.keys);
  const found: readonly string[] = findAgents(env).map(({ name }) => name);
  const missing = allow.filter((name) => !found.includes(name) && !taken.includes(name));
  const undecided = found.filter((name) => ![...allow, ...deny, ...taken].includes(name));
  const checks = missing.map(
    (name): Check => ({
      name: 'agents',
      verdict: 'warn',
      found: `${name} may be used, and is not on the PATH`,
      todo: 'install it, or take it out of engines.allow',
    }),
  );
  if (undecided.length === 0) return checks;
  const told = `${undecided.join(', ')} on the PATH, not used: studio engines --allow ${undecided[0]} allows it`;
  return [...checks, { name: 'agents', verdict: 'ok', found: told, todo: null }];
};
