import { closeInherited } from './inherited-descriptors.ts';
import type { Logger } from './logger.ts';

export interface RunningService {
  /** Stops taking work, finishes or hands back what runs, closes connections. */
  readonly stop: () => Promise<void>;
  /** Settles when the service ends by itself; rejects when it cannot go on. */
  readonly ended?: Promise<void>;
}

export interface RunServiceOptions {
  readonly name: string;
  readonly start: (signal: AbortSignal) => Promise<RunningService>;
  readonly logger: Logger;
  /** After this the process ends with what is unfinished, a start too; its locks expire and others go on. Default 20 s. */
  readonly stopDeadlineMs?: number;
  /** For tests: signals and exit of another process than this one. */
  readonly host?: ServiceHost;
}

export interface ServiceHost {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

type End =
  | { readonly reason: 'signal' }
  | { readonly reason: 'ended' }
  | { readonly reason: 'failed'; readonly err: unknown };

const withDeadline = async (work: Promise<void>, deadlineMs: number): Promise<'done' | 'late'> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), deadlineMs);
  });
  try {
    return await Promise.race([work.then(() => 'done' as const), late]);
  } finally {
    clearTimeout(timer);
  }
};

const ending = (service: RunningService, stopping: Promise<void>): Promise<End> => {
  const signalled = stopping.then((): End => ({ reason: 'signal' }));
  const ended = service.ended?.then(
    (): End => ({ reason: 'ended' }),
    (err: unknown): End => ({ reason: 'failed', err }),
  );
  return ended === undefined ? signalled : Promise.race([signalled, ended]);
};

const STOP_DEADLINE_MS = 20_000;

/** @returns `null` when it was told to stop, and still went on starting at the deadline */
const begin = (
  { start, stopDeadlineMs = STOP_DEADLINE_MS }: RunServiceOptions,
  signal: AbortSignal,
  stopping: Promise<void>,
): Promise<RunningService | null> => {
  const starting = start(signal);
  const overdue = stopping.then(async () => {
    const end = await withDeadline(
      starting.then(() => undefined),
      stopDeadlineMs,
    );
    return end === 'done' ? starting : null;
  });
  return Promise.race([starting, overdue]);
};

const stop = async (
  service: RunningService,
  { name, logger, stopDeadlineMs = STOP_DEADLINE_MS }: RunServiceOptions,
): Promise<number> => {
  try {
    if ((await withDeadline(service.stop(), stopDeadlineMs)) === 'done') return 0;
    logger.error({ service: name, stopDeadlineMs }, 'service did not stop in time');
  } catch (err) {
    logger.error({ service: name, err }, 'service failed to stop');
  }
  return 1;
};

const live = async (options: RunServiceOptions, signal: AbortSignal, stopping: Promise<void>): Promise<number> => {
  const { name, logger } = options;
  let service: RunningService | null;
  try {
    service = await begin(options, signal, stopping);
  } catch (err) {
    if (signal.aborted) return 0;
    logger.error({ service: name, err }, 'service did not start');
    return 1;
  }
  if (service === null) {
    logger.error({ service: name }, 'service was told to stop, and went on starting');
    return 1;
  }
  logger.info({ service: name, pid: process.pid }, 'service started');
  const end = await ending(service, stopping);
  if (end.reason === 'failed') logger.error({ service: name, err: end.err }, 'service failed');
  const code = await stop(service, options);
  logger.info({ service: name, reason: end.reason }, 'service stopped');
  return end.reason === 'failed' ? 1 : code;
};

/**
 * Runs a service until SIGTERM or SIGINT, or until it ends by itself, then ends the process: 0 after a clean stop,
 * 1 when it failed to start, to run or to stop within the deadline, 130 when a second signal forced the end.
 */
export const runService = async (options: RunServiceOptions): Promise<void> => {
  closeInherited();
  const host = options.host ?? process;
  const starting = new AbortController();
  let requestStop = () => {};
  const stopping = new Promise<void>((resolve) => {
    requestStop = resolve;
  });
  const onSignal = () => {
    if (starting.signal.aborted) return host.exit(130);
    starting.abort();
    requestStop();
  };
  host.on('SIGTERM', onSignal);
  host.on('SIGINT', onSignal);
  const code = await live(options, starting.signal, stopping);
  host.off('SIGTERM', onSignal);
  host.off('SIGINT', onSignal);
  host.exit(code);
};
