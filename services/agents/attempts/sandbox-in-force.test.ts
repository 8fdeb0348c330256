import { expect, test } from 'vitest';
import { createSandboxes, type SandboxPolicy } from '#sandbox';
import { sandboxPolicy } from '../../../test/support/sandbox-policy.ts';
import { sandboxInForce } from './sandbox-in-force.ts';

const sandboxes = (policy: Partial<SandboxPolicy>) => createSandboxes(sandboxPolicy(policy), { PATH: '/nowhere' });

test('where the machine has none, work goes on without one, and that is said', async () => {
  expect(await sandboxInForce(sandboxes({}))).toEqual({ name: 'none', sandboxes: null });
  expect(await sandboxInForce(sandboxes({ mode: 'off' }))).toEqual({ name: 'none', sandboxes: null });
});

test('where one is required and there is none, a person is told what to install', async () => {
  await expect(sandboxInForce(sandboxes({ mode: 'required' }))).rejects.toMatchObject({
    category: 'blocker',
    message: 'a sandbox is required, and there is none: bwrap is not on the PATH',
    unblock: expect.stringContaining('apt-get install -y bubblewrap'),
  });
});
