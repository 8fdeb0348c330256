import { connect as connectHere } from '../../connect.ts';
import type { Session } from '../../session.ts';
import type { ScriptIo } from '../script-io.ts';

/** Unlike `studio`, which looks for `.studio` upward, the scripts mean the one of this folder. */
export const connect = ({ cwd, env }: Pick<ScriptIo, 'cwd' | 'env'>): Promise<Session> =>
  connectHere({ cwd, env: { ...env, STUDIO_DIR: env.STUDIO_DIR || '.studio' } });
