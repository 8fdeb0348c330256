import { readBuiltIn } from '#runtime';
import { SandboxData } from './policy.ts';

/** `data/sandbox.yaml` of the installation. */
export const readSandboxData = async (): Promise<SandboxData> => SandboxData.parse(await readBuiltIn('sandbox'));
