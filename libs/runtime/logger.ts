import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** Name of the service, in every line. */
  readonly name: string;
  /** `info` a fact changed, `warn` we will retry, `error` a person must look. Default `info`. */
  readonly level?: string;
  /** A file to append to; default is stderr, because stdout carries data. */
  readonly file?: string;
  /** For tests: where lines go instead. */
  readonly stream?: DestinationStream;
}

/** Nothing secret should reach a log line; these paths are cut even when something does. */
const REDACTED = ['apiKey', 'authorization', 'password', 'token', 'secret', 'env', 'redisUrl'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

/** JSON lines with constant messages and facts as fields; errors go into `err`. */
export const createLogger = ({ name, level = 'info', file, stream }: LoggerOptions): Logger =>
  pino(
    { name, level, redact: { paths: REDACTED, censor: '[redacted]' }, timestamp: stdTimeFunctions.isoTime },
    // Synchronous: a line written just before a crash is the one that matters.
    stream ?? destination({ dest: file ?? 2, sync: true, mkdir: true }),
  );
