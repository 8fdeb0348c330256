import { methods, PROTOCOL_VERSION } from '@agentclientprotocol/sdk/unstable';
import * as z from 'zod';
import { type EngineContext, type EngineRequest, isConfined } from '../engine.ts';
import { type AcpEngineOptions, settingOf } from './options.ts';
import { Initialized, Opened } from './replies.ts';
import { AgentTrouble, cannot, failed } from './trouble.ts';
import type { Wire } from './wire.ts';

/** A conversation that is open: the agent waits for a prompt. */
export interface OpenSession {
  readonly id: string;
  /** The agent remembers what was said before. */
  readonly isResumed: boolean;
  readonly model: string | null;
}

/** Nothing is offered: agents read and write in the workspace themselves, where the sandbox holds. */
const CAPABILITIES = { fs: { readTextFile: false, writeTextFile: false }, terminal: false };

/** @throws {AgentTrouble} it speaks another version of the protocol, or none */
const initialize = async (options: AcpEngineOptions, wire: Wire): Promise<Initialized> => {
  const initialized = await wire.ask('to begin (initialize)', Initialized, () =>
    wire.agent.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientInfo: { name: 'studio', version: options.version },
      clientCapabilities: CAPABILITIES,
    }),
  );
  const { protocolVersion, authMethods } = initialized;
  if (protocolVersion !== PROTOCOL_VERSION)
    throw cannot(
      `engine ${options.name}: the agent speaks version ${String(protocolVersion)} of the Agent Client Protocol, Studio speaks ${PROTOCOL_VERSION}`,
      `install a version of the agent that speaks ${PROTOCOL_VERSION}, or choose another engine`,
    );
  wire.setLogins((authMethods ?? []).map(({ name }) => name));
  return initialized;
};

const isRefusedKey = (error: unknown): boolean =>
  error instanceof AgentTrouble && error.failure.outcome === 'failed' && error.failure.provider !== undefined;

/** Goes on with a conversation, where the agent can. @returns `null` where it cannot, or does not know it any more */
const goOn = async (
  { agentCapabilities }: Initialized,
  wire: Wire,
  place: { readonly sessionId: string; readonly cwd: string; readonly mcpServers: [] },
): Promise<Opened | null> => {
  const canResume = agentCapabilities?.sessionCapabilities?.resume;
  const method = canResume ? methods.agent.session.resume : methods.agent.session.load;
  if (!canResume && !agentCapabilities?.loadSession) return null;
  try {
    return await wire.ask(
      'to go on with a session',
      Opened,
      async () => (await wire.agent.request(method, place)) ?? {},
    );
  } catch (error) {
    // A session that is gone, or of another folder, is no reason not to work: every prompt says all that is needed.
    if (error instanceof AgentTrouble && !isRefusedKey(error) && !(await isBroken(wire))) return null;
    throw error;
  }
};

/** Whether there is nobody left to ask. */
const isBroken = (wire: Wire): Promise<boolean> =>
  Promise.race([wire.trouble, Promise.resolve(false)]).catch(() => true);

const optionOf = ({ configOptions }: Opened, category: string) =>
  configOptions?.find((option) => option.category === category);

/** The mode in which a request of this kind is done; `null`: whichever the agent is in. */
const modeFor = (
  { mode, preset }: AcpEngineOptions,
  kind: EngineRequest['kind'],
  context: Pick<EngineContext, 'confine'>,
): string | null => {
  const confined = isConfined(context) ? preset?.confinedMode : undefined;
  if (confined !== undefined) return mode ?? confined;
  const plans = kind === 'plan' || kind === 'decompose';
  return plans ? (preset?.modes.read ?? null) : (mode ?? preset?.modes.work ?? null);
};

const setMode = async (
  options: AcpEngineOptions,
  modeId: string,
  wire: Wire,
  { sessionId, opened }: { readonly sessionId: string; readonly opened: Opened },
): Promise<void> => {
  const modes = opened.modes?.availableModes.map(({ id }) => id) ?? [];
  const option = optionOf(opened, 'mode');
  const values = option?.options?.flatMap(({ value }) => value ?? []) ?? [];
  const doing = `mode ${modeId}`;
  if (modes.includes(modeId)) {
    await wire.ask(doing, z.unknown(), () => wire.agent.request(methods.agent.session.setMode, { sessionId, modeId }));
  } else if (option && values.includes(modeId)) {
    const { id: configId } = option;
    await wire.ask(doing, z.unknown(), () =>
      wire.agent.request(methods.agent.session.setConfigOption, { sessionId, configId, value: modeId }),
    );
  } else if (modeId === options.mode) {
    const known = [...new Set([...modes, ...values])].join(', ');
    throw cannot(
      `engine ${options.name}: the agent has no mode ${modeId}`,
      known
        ? `set ${settingOf(options, 'mode')} to one of ${known}`
        : `leave out ${settingOf(options, 'mode')}: it has no modes`,
    );
  }
};

/** Begins to talk: goes on with the conversation before, or opens a new one. @throws {AgentTrouble} */
export const openSession = async (
  options: AcpEngineOptions,
  kind: EngineRequest['kind'],
  context: Pick<EngineContext, 'directory' | 'session' | 'confine'>,
  wire: Wire,
): Promise<OpenSession> => {
  const { directory, session } = context;
  const initialized = await initialize(options, wire);
  const place = { cwd: directory, mcpServers: [] as [] };
  const before = session?.current ?? null;
  const resumed = before && (await goOn(initialized, wire, { ...place, sessionId: before.id }));
  const opened =
    resumed ?? (await wire.ask('a session', Opened, () => wire.agent.request(methods.agent.session.new, place)));
  const id = resumed ? before?.id : opened.sessionId;
  if (!id) throw failed(`engine ${options.name}: the agent opened a session without an id`);
  const modeId = modeFor(options, kind, context);
  if (modeId !== null) await setMode(options, modeId, wire, { sessionId: id, opened });
  return { id, isResumed: resumed !== null, model: optionOf(opened, 'model')?.currentValue ?? null };
};
