import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identifyProcess, isAlive, ownIdentity } from './process-identity.ts';

test('a process that runs is alive', () => {
  expect(isAlive(ownIdentity())).toBe(true);
});

test('another process that got the same pid is not the one that was named', () => {
  expect(isAlive({ ...ownIdentity(), start: '1' })).toBe(false);
});

test('a process that ended is not alive', async () => {
  const child = spawn('sleep', ['60']);
  const identity = identifyProcess(child.pid ?? 0) ?? ownIdentity();
  expect(isAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});
