import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Unavailable } from '#contracts';
import type { Recorded } from '#events';
import type { Line } from '../render/line.ts';
import { watchRun } from './watch-run.ts';

test('without a connection it is told in our words what is lost, and what comes next', async () => {
  const said: string[] = [];
  const interrupt = new AbortController();
  const started = { type: 'child.started', version: 2, data: { task: 'T1', child: 'orch_child' } };
  // Of the client nothing else is used.
  const studio = {
    async *follow(id: string, { signal }: { signal: AbortSignal }): AsyncGenerator<Recorded> {
      if (id === 'orch_child') throw new Unavailable('redis does not answer');
      yield started as unknown as Recorded;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  } as never;
  const say = (...lines: readonly Line[]): void => {
    said.push(...lines.map(({ text }) => text));
    interrupt.abort();
  };
  const silent = () => {};
  const output = { write: silent, isTTY: false };
  const io = { stdout: output, stderr: output, stdin: new PassThrough(), env: {}, cwd: '/', interactive: false };
  const call = { io: { ...io, program: 'studio', now: () => new Date(0), onInterrupt: () => silent } };
  const end = await watchRun(
    { ...call, args: [], options: {}, json: false, openSession: silent as never },
    {
      studio,
      id: 'orch_parent',
      reporter: { say, take: silent, busy: silent, quiet: silent, hold: silent, release: silent },
      interrupts: { first: interrupt.signal, press: silent, second: async () => false, stop: silent },
    },
  );
  expect([end, said]).toEqual([
    'interrupted',
    [
      'no connection to Redis: the run is kept there and goes on with it; what happens meanwhile is shown here when it answers again',
    ],
  ]);
});
