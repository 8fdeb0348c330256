import { expect, test } from 'vitest';
import { commandOf, wantedBy } from './permissions.ts';

test.each([
  [{ rawInput: { command: 'npm test' } }, 'npm test'],
  [{ rawInput: { command: ['bash', '-lc', 'npm test && ls'] } }, 'npm test && ls'],
  [{ rawInput: { cmd: ['rm', '-rf', 'a b'] } }, "rm -rf 'a b'"],
  [{ kind: 'execute', title: '`npm test`' }, 'npm test'],
  [{ kind: 'execute', title: 'npm test' }, 'npm test'],
  [{ kind: 'edit', title: 'npm test' }, null],
  [{ kind: 'edit', rawInput: { path: 'a' } }, null],
])('the command of %j is %j', (call, command) => {
  expect(commandOf({ toolCallId: 'c', ...call })).toBe(command);
});

test.each([
  [
    { kind: 'edit', title: 'Write a' },
    { kind: 'edit', title: 'Write a', command: null },
  ],
  [{ kind: 'think' }, { kind: 'read', title: 'c', command: null }],
  [
    { kind: 'switch_mode', locations: [{ path: 'a' }, { path: 'b' }] },
    { kind: 'other', title: 'a, b', command: null },
  ],
  [{ rawInput: { command: 'ls' } }, { kind: 'execute', title: 'ls', command: 'ls' }],
])('what %j wants is %j', (call, wanted) => {
  expect(wantedBy({ toolCallId: 'c', ...call })).toEqual(wanted);
});
