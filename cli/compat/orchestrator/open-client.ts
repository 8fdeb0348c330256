import { resolve } from 'node:path';
import { type HostCalls, joinHost } from '#host/calls';
import { actorOf } from '../../actor.ts';
import type { ScriptIo } from '../script-io.ts';

export type Client = Pick<HostCalls, Exclude<keyof HostCalls, 'close'>>;

export interface OpenClient {
  readonly studio: Client;
  close(): Promise<void>;
}

/** Unlike `studio`, which looks for `.studio` upward, the scripts mean the one of this folder. */
export const studioDirOf = ({ cwd, env }: Pick<ScriptIo, 'cwd' | 'env'>): string =>
  resolve(cwd, env.STUDIO_DIR || '.studio');

/** Asks the host that runs; where there is none, or a Redis of one's own, connects as `studio` does. */
export const openClient = async (io: ScriptIo): Promise<OpenClient> => {
  const studioDir = studioDirOf(io);
  const host = io.env.REDIS_URL ? null : await joinHost({ studioDir, packageRoot: io.packageRoot, actor: actorOf() });
  if (host) return { studio: host, close: host.close };
  const { connect } = await import('./connect.ts');
  return connect({ cwd: io.cwd, env: { ...io.env, STUDIO_DIR: studioDir } });
};
