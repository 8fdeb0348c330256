import type { Gate } from '#contracts';
import { findLockFile, readManifest } from '#workspace';
import type { FoundCommand, GateSource } from './gate-source.ts';

/** Names that projects give their checks, the most common first. There is no default for security: it needs a network. */
const SCRIPTS: Readonly<Partial<Record<Gate, readonly string[]>>> = {
  lint: ['lint', 'lint:check', 'check:lint'],
  typecheck: ['typecheck', 'type-check', 'tsc', 'check-types', 'check:types', 'types:check'],
  test: ['test'],
};

/** What `npm init` writes: it fails, and says nothing about the project. */
const isPlaceholder = (script: string) => script.includes('no test specified');

export const findInPackage: GateSource = async (directory) => {
  const [manifest, found] = await Promise.all([readManifest(directory), findLockFile(directory)]);
  if (manifest === null) return {};
  const manager = found?.lock.portable ? found.lock.manager : 'npm';
  const gates: Partial<Record<Gate, FoundCommand>> = {};
  for (const gate of ['lint', 'typecheck', 'test'] as const) {
    const name = SCRIPTS[gate]?.find((script) => {
      const body = manifest.scripts[script];
      return body !== undefined && body.trim() !== '' && !isPlaceholder(body);
    });
    if (name === undefined) continue;
    const command = manager === 'npm' && name === 'test' ? 'npm test' : `${manager} run ${name}`;
    gates[gate] = { command, source: `package.json scripts.${name}` };
  }
  return gates;
};
