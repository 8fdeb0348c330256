import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { type RunningService, runService } from './run-service.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** Runs a service under a process that only records how it would exit. */
const run = (start: (signal: AbortSignal) => Promise<RunningService>, stopDeadlineMs = 1_000) => {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const host = Object.assign(signals, { exit: (code: number) => void exits.push(code) });
  const done = runService({ name: 'test', start, logger, stopDeadlineMs, host });
  return { signals, exits, done };
};

const never = new Promise<void>(() => undefined);

test('a signal stops the service and the process ends with 0', async () => {
  let stopped = false;
  let started = () => {};
  const up = new Promise<void>((resolve) => {
    started = resolve;
  });
  const { signals, exits, done } = run(async () => {
    started();
    const stop = async () => {
      stopped = true;
    };
    return { stop };
  });
  await up;
  signals.emit('SIGTERM');
  await done;
  expect({ stopped, exits, listeners: signals.listenerCount('SIGTERM') }).toEqual({
    stopped: true,
    exits: [0],
    listeners: 0,
  });
});

test('a stop that takes too long ends with 1', async () => {
  const { signals, exits, done } = run(async () => ({ stop: () => never }), 20);
  signals.emit('SIGINT');
  await done;
  expect(exits).toEqual([1]);
});

test('a second signal forces the end', () => {
  const { signals, exits } = run(async () => ({ stop: () => never }), 60_000);
  signals.emit('SIGINT');
  signals.emit('SIGINT');
  expect(exits).toEqual([130]);
});

test('a service that cannot start ends with 1', async () => {
  const { exits, done } = run(() => Promise.reject(new Error('no Redis')));
  await done;
  expect(exits).toEqual([1]);
});

test('a signal during the start aborts it and ends with 0', async () => {
  const { signals, exits, done } = run(
    (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  signals.emit('SIGTERM');
  await done;
  expect(exits).toEqual([0]);
});

test('a start that heeds no signal is left behind at the deadline, and ends with 1', async () => {
  const { signals, exits, done } = run(() => new Promise(() => undefined), 20);
  signals.emit('SIGTERM');
  await done;
  expect(exits).toEqual([1]);
});

test('a service that ends by itself is stopped and ends with 0', async () => {
  const { exits, done } = run(async () => ({ stop: async () => {}, ended: Promise.resolve() }));
  await done;
  expect(exits).toEqual([0]);
});

test('a service that fails while it runs ends with 1', async () => {
  const { exits, done } = run(async () => ({ stop: async () => {}, ended: Promise.reject(new Error('lost')) }));
  await done;
  expect(exits).toEqual([1]);
});
