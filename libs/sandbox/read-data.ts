import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '#runtime';
import { SandboxData } from './policy.ts';

/** `data/sandbox.yaml` of the installation. */
export const readSandboxData = (): SandboxData =>
  SandboxData.parse(parse(readFileSync(join(packageRoot(), 'data', 'sandbox.yaml'), 'utf8')));
