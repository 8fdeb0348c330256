import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

const lines = (write: (logger: ReturnType<typeof createLogger>) => void): unknown[] => {
  const written: unknown[] = [];
  write(createLogger({ name: 'router', stream: { write: (line) => written.push(JSON.parse(line)) } }));
  return written;
};

test('a line is JSON with a constant message, facts as fields, and an ISO time', () => {
  expect(lines((logger) => logger.info({ stream: 'orch_1', version: 3 }, 'fact stored'))).toEqual([
    expect.objectContaining({
      name: 'router',
      stream: 'orch_1',
      version: 3,
      msg: 'fact stored',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    }),
  ]);
});

test('what is named like a secret is cut', () => {
  const [line] = lines((logger) =>
    logger.info({ apiKey: 'k', redis: { password: 'p', redisUrl: 'redis://u:p@h' } }, 'started'),
  );
  expect(line).toMatchObject({ apiKey: '[redacted]', redis: { password: '[redacted]', redisUrl: '[redacted]' } });
});
