import { connect as connectHere } from '../../connect.ts';
import type { Session } from '../../session.ts';
import type { ScriptIo } from '../script-io.ts';

/** Starts what is needed, and takes the time that this takes. */
export const connect = (io: Pick<ScriptIo, 'cwd' | 'env'>): Promise<Session> => connectHere(io);
