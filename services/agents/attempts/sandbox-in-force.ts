import { nameOfSandbox, type Sandboxes } from '#sandbox';
import { AttemptFailed } from './errors.ts';

export interface SandboxInForce {
  /** As the log and people know it; `none` where there is none. */
  readonly name: string;
  readonly sandboxes: Sandboxes | null;
}

/** @throws {AttemptFailed} a blocker: the configuration requires a sandbox, and there is none on this machine */
export const sandboxInForce = async (sandboxes: Sandboxes | undefined): Promise<SandboxInForce> => {
  const found = await sandboxes?.detect();
  if (sandboxes === undefined || found === undefined) return { name: 'none', sandboxes: null };
  if (found.kind !== 'none') return { name: nameOfSandbox(sandboxes.policy), sandboxes };
  if (sandboxes.policy.mode === 'required')
    throw new AttemptFailed('blocker', `a sandbox is required, and there is none: ${found.reason}`, found.remedy);
  return { name: 'none', sandboxes: null };
};
