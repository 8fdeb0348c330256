import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '#contracts';

/** There is no server program on the PATH, or nothing that can lock its data folder. */
export class RedisMissing extends StudioError {
  readonly code = 'redis.missing';
  readonly remedy = 'change';
}

/** Another living process runs the server of this folder. */
export class RedisBusy extends StudioError {
  readonly code = 'redis.busy';
  readonly remedy = 'retry';
}

/** Why the server ended or did not start, as far as its own log tells. */
export type RedisFault = 'aof_corrupt' | 'disk_full' | 'not_writable' | 'silent' | 'unknown';

export class RedisFailed extends StudioError {
  readonly code: `redis.${RedisFault}`;
  readonly remedy = 'none';
  constructor(fault: RedisFault, message: string, details: Record<string, unknown>) {
    super(message, details);
    this.code = `redis.${fault}`;
  }
}

const SIGNS: readonly (readonly [RedisFault, RegExp])[] = [
  ['disk_full', /no space left on device|disk quota exceeded/i],
  ['aof_corrupt', /bad file format reading the append only file|unexpected end of file reading the append only file/i],
  [
    'aof_corrupt',
    /aof.*(?:doesn't exist|corrupt)|error reading the (?:append only file|rdb preamble)|invalid aof manifest/i,
  ],
  [
    'aof_corrupt',
    /(?:wrong signature|short read or oom) .*(?:db|rdb)|unrecoverable error reading the append only file/i,
  ],
  ['not_writable', /permission denied|read-only file system/i],
];

/** @param log what the server wrote since it was started */
export const diagnose = (log: string): RedisFault => SIGNS.find(([, sign]) => sign.test(log))?.[0] ?? 'unknown';

/** Servers from 7.0 on keep several files and a manifest, older ones a single file. */
const aofFile = (dir: string) => {
  const manifest = join(dir, 'appendonlydir', 'appendonly.aof.manifest');
  return existsSync(manifest) ? manifest : join(dir, 'appendonly.aof');
};

const advice = (fault: RedisFault, dir: string, logFile: string): string => {
  switch (fault) {
    case 'disk_full':
      return `the disk of ${dir} is full; free some space and start again, what was acknowledged is safe`;
    case 'aof_corrupt':
      return `the append-only file is damaged; copy ${dir}, then cut it at the damage: redis-check-aof --fix ${aofFile(dir)}`;
    case 'not_writable':
      return `${dir} cannot be written; give it to the user who runs Studio`;
    case 'silent':
      return `the server did not answer in time; its log is ${logFile}`;
    case 'unknown':
      return `see the end of ${logFile}`;
  }
};

export const redisFailed = (
  what: string,
  place: { dir: string; logFile: string },
  log: string,
  fault = diagnose(log),
) => {
  const end = log.trimEnd().split('\n').slice(-5).join('\n');
  return new RedisFailed(fault, `${what}: ${advice(fault, place.dir, place.logFile)}`, { ...place, end });
};
