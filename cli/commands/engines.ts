import * as z from 'zod';
import { AgentPresetName } from '#contracts';
import { findStudioDir } from '#runtime';
import { decideAgents } from '#runtime/decide-agents';
import type { Call, Run } from '../command.ts';
import { configuredEngines } from '../engines/known-engines.ts';
import { listEngines } from '../engines/list-engines.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { renderEngines } from '../render/engines.ts';

const Options = z.object({ allow: AgentPresetName.optional(), deny: AgentPresetName.optional() });

/** Writes a decision down, before what is then so is shown. */
const decide = async ({ io }: Call, { allow, deny }: z.infer<typeof Options>): Promise<void> => {
  if (!allow && !deny) return;
  const { configFile } = findStudioDir(io.cwd, io.env);
  if (allow) await decideAgents(configFile, { names: [allow], allowed: true });
  if (deny) await decideAgents(configFile, { names: [deny], allowed: false });
};

const ROLES = { plan: 'planner', work: 'builder', decompose: 'architect' } as const;

/** Every engine and agent there is, where it comes from, what it can and who pays; and which plays which role. */
export const engines: Run = async (call) => {
  await decide(call, parseOptions(Options, call.options));
  const { config, configured } = await configuredEngines(call.io);
  const { chooseEngine, wantedEngines } = await import('#engines');
  const chosen = (['plan', 'work', 'decompose'] as const).map((capability) => {
    const wanted = wantedEngines({ role: ROLES[capability], goal: null, settings: config.engines });
    const choice = chooseEngine({ wanted, configured, capability });
    if (choice.outcome === 'chosen') return { capability, engine: choice.engine.name, reason: choice.reason };
    const unblock = choice.outcome === 'blocked' ? `; ${choice.unblock}` : '';
    return { capability, engine: null, reason: `${choice.reason}${unblock}` };
  });
  const listed = await listEngines(configured, config.engines, call.io.env);
  show(call, { default: config.engines.default, engines: listed, chosen }, renderEngines);
  return EXIT.done;
};
