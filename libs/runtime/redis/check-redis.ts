import type { Redis } from 'ioredis';
import { StudioError } from '#contracts';

export interface RedisReport {
  readonly version: string;
  /** Studio must not run on this server until each is cured. */
  readonly problems: readonly string[];
  /** Studio runs; a crash or a full memory may cost what the text says. */
  readonly warnings: readonly string[];
  readonly persistence: 'always' | 'everysec' | 'no' | 'off' | 'unknown';
  readonly memory: { readonly usedBytes: number; readonly maxBytes: number };
}

/** The server is one that would lose facts. */
export class UnfitRedis extends StudioError {
  readonly code = 'redis.unfit';
  readonly remedy = 'none';
}

/** XAUTOCLAIM and the other stream commands in use. */
const OLDEST = [6, 2] as const;

const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );

/** Hosted servers forbid CONFIG; `null` says that the value is not known, which is not the same as wrong. */
const readSetting = async (redis: Redis, name: string): Promise<string | null> => {
  try {
    const reply: unknown = await redis.config('GET', name);
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : null;
  } catch {
    return null;
  }
};

const isTooOld = (version: string) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
};

const persistenceOf = (info: ReadonlyMap<string, string>, appendonly: string | null, fsync: string | null) => {
  const on = info.get('aof_enabled') === '1' || appendonly === 'yes';
  if (!on) return info.has('aof_enabled') || appendonly !== null ? 'off' : 'unknown';
  return fsync === 'always' || fsync === 'everysec' || fsync === 'no' ? fsync : 'unknown';
};

const DURABILITY: Readonly<Record<RedisReport['persistence'], string | null>> = {
  always: null,
  everysec:
    'a power cut may cost the last second of facts (appendfsync everysec); CONFIG SET appendfsync always ends that',
  no: 'a power cut may cost the last half minute of facts (appendfsync no); CONFIG SET appendfsync always ends that',
  off: 'a restart of the server may cost facts: there is no append-only file; CONFIG SET appendonly yes ends that',
  unknown: 'this server does not tell how it persists; see that its append-only file is on with appendfsync always',
};

/**
 * What this server is worth as the home of the log. Reads INFO and CONFIG only.
 * @returns problems and warnings, each with what to do
 */
export const checkRedis = async (redis: Redis): Promise<RedisReport> => {
  const info = parseInfo(await redis.info());
  const [policySetting, appendonly, fsync] = await Promise.all(
    ['maxmemory-policy', 'appendonly', 'appendfsync'].map((name) => readSetting(redis, name)),
  );
  const version = info.get('redis_version') ?? '0';
  const policy = policySetting ?? info.get('maxmemory_policy') ?? null;
  const persistence = persistenceOf(info, appendonly ?? null, fsync ?? null);

  const problems: string[] = [];
  if (isTooOld(version)) problems.push(`Redis ${version} is too old; ${OLDEST.join('.')} or newer is needed`);
  if (policy !== null && policy !== 'noeviction')
    problems.push(
      `maxmemory-policy is ${policy}, which throws facts away when memory is full; CONFIG SET maxmemory-policy noeviction, and the same in its redis.conf`,
    );
  const durability = DURABILITY[persistence];
  const warnings = durability === null ? [] : [durability];
  if (policy === null)
    warnings.push(
      'this server does not tell its maxmemory-policy; see that it is noeviction, any other throws facts away',
    );

  const memory = { usedBytes: Number(info.get('used_memory') ?? 0), maxBytes: Number(info.get('maxmemory') ?? 0) };
  return { version, problems, warnings, persistence, memory };
};

/** @throws {UnfitRedis} with every problem that `checkRedis` finds */
export const requireFitRedis = async (redis: Redis): Promise<RedisReport> => {
  const report = await checkRedis(redis);
  if (report.problems.length > 0)
    throw new UnfitRedis(`this Redis cannot keep the log: ${report.problems.join('; ')}`, {
      problems: report.problems,
    });
  return report;
};
