import type { ControlCommand, StateDocument } from '#contracts';
import { parseJson } from '../parse-json.ts';
import type { ScriptIo } from '../script-io.ts';
import type { Voice } from '../words.ts';
import type { Client } from './open-client.ts';
import { type PluginState, pluginState } from './plugin-state.ts';
import type { Sessions } from './sessions.ts';

/** What a command works with. */
export interface Desk {
  readonly io: ScriptIo;
  readonly voice: Voice;
  readonly sessions: Sessions;
  /** Connects at the first call: what needs no connection does not wait for one. */
  readonly studio: () => Promise<Client>;
}

export type Command = (args: readonly string[], desk: Desk) => number | Promise<number>;

/** Every script has one person to tell. */
export class NoSession extends Error {}

/** @throws {NoSession} none was initialized, or it was cleaned up */
export const sessionOf = ({ sessions }: Pick<Desk, 'sessions'>): string => {
  const id = sessions.current();
  if (id === null) throw new NoSession("No active session. Run 'orchestrator.sh init <goal>' first.");
  return id;
};

/** Gives a command to the current session, and brings its files up to date. */
export const tell = async (desk: Desk, command: ControlCommand): Promise<StateDocument> => {
  const id = sessionOf(desk);
  const document = await (await desk.studio()).control(id, command);
  desk.sessions.project(pluginState(document));
  return document;
};

/** The current session as the log has it. */
export const currentState = async (desk: Desk): Promise<PluginState> => {
  const id = sessionOf(desk);
  return pluginState(await (await desk.studio()).state(id));
};

export const printJson = ({ io }: Pick<Desk, 'io'>, document: unknown): void =>
  io.out(`${JSON.stringify(document, null, 2)}\n`);

const isDocument = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A document that was given as JSON; anything else is told, and counts as an empty one. */
export const documentOf = (json: string | undefined, { voice }: Pick<Desk, 'voice'>): Record<string, unknown> => {
  if (json === undefined || json === '') return {};
  const value = parseJson(json);
  if (isDocument(value)) return value;
  voice.warn('Invalid JSON context, using {} instead');
  return {};
};
