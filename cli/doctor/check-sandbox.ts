import type { Config } from '#contracts';
import type { Io } from '../io.ts';
import type { Check } from '../render/diagnosis.ts';

/** Whether commands and agents run in a sandbox here; it is tried, because only that tells. */
export const checkSandbox = async ({ sandbox }: Config, { env }: Io): Promise<Check> => {
  const { detectSandbox, nameOfSandbox, readSandboxData } = await import('#sandbox');
  const policy = { ...sandbox, models: [], agents: [], data: await readSandboxData() };
  const found = await detectSandbox(policy, env);
  if (found.kind !== 'none')
    return { name: 'sandbox', verdict: 'ok', found: `${nameOfSandbox(policy)}, ${found.version}`, todo: null };
  if (sandbox.mode === 'off') return { name: 'sandbox', verdict: 'ok', found: `none: ${found.reason}`, todo: null };
  const verdict = sandbox.mode === 'required' ? 'fail' : 'warn';
  return { name: 'sandbox', verdict, found: `none: ${found.reason}`, todo: found.remedy };
};
