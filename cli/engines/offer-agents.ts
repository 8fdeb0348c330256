import { enginesFor, type Role } from '#contracts';
import type { Call } from '../command.ts';
import { writeLines } from '../output.ts';
import type { AgentOffer } from '../terminal/ask-for-agent.ts';

const ROLES: readonly Role[] = ['planner', 'builder', 'architect'];

/** Whether what was asked for by name is one of these, or nobody was. */
const wants = (engine: string | undefined, name: string): boolean =>
  engine === undefined || ROLES.some((role) => enginesFor(engine, role)?.includes(name) === true);

/** Agents that could be asked about: nothing else thinks here, or somebody wants this one. */
const offersFor = async ({ io }: Call, configFile: string, studioDir: string, engine: string | undefined) => {
  const [{ loadConfig }, { enginesOf }, { offersOf }] = await Promise.all([
    import('#runtime'),
    import('#host/engines'),
    import('#host/offers'),
  ]);
  const { config } = await loadConfig({ file: configFile, env: io.env });
  const thinks = enginesOf(config, studioDir, io.env).some(({ name, byName }) => name !== 'recipes' && !byName);
  const chosen = config.engines.default !== 'auto';
  if (engine === undefined && (thinks || chosen)) return [];
  return offersOf(config, io.env).filter((name) => wants(engine, name));
};

const describe = async (
  names: Awaited<ReturnType<typeof offersFor>>,
  { env }: Call['io'],
): Promise<readonly AgentOffer[]> => {
  const { KNOWN_AGENTS, loginOf } = await import('#engines');
  return names.map((name) => {
    const { account, loggedIn } = loginOf(name, env, process.platform);
    return { name, title: KNOWN_AGENTS[name].title, account, loggedIn };
  });
};

/**
 * Asks the person at the terminal, once, whether an agent that was found may be used, and remembers the answer. With a
 * Redis elsewhere the workers are elsewhere too, with agents and a configuration of their own.
 * @returns false after Ctrl-C, which decides nothing
 */
export const offerAgents = async (call: Call, engine: string | undefined): Promise<boolean> => {
  const { io } = call;
  if (io.env.REDIS_URL) return true;
  const [{ findStudioDir }, { decideAgents }] = await Promise.all([
    import('#runtime'),
    import('#runtime/decide-agents'),
  ]);
  const { path: studioDir, configFile } = findStudioDir(io.cwd, io.env);
  const offers = await describe(await offersFor(call, configFile, studioDir, engine), io);
  if (offers.length === 0) return true;
  const { askForAgent } = await import('../terminal/ask-for-agent.ts');
  const chosen = await askForAgent(offers);
  if (chosen === null) return false;
  const names = chosen === 'none' ? offers.map(({ name }) => name) : [chosen];
  await decideAgents(configFile, { names, allowed: chosen !== 'none' });
  const again = `${io.program} engines --${chosen === 'none' ? 'allow' : 'deny'} ${names[0]}`;
  writeLines(io.stderr, [`Remembered in ${configFile}; \`${again}\` changes it.`]);
  return true;
};
