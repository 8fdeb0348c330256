import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '#runtime';

/**
 * Names what would run if a host started now: the bundle, whose chunks are named by their content, and the data files.
 * A host that was started from something else runs older, or other, code than the command that talks to it.
 */
export const buildIdentity = (): string => {
  const root = packageRoot();
  const data = join(root, 'data');
  const files = [
    join(root, 'dist', 'host.js'),
    ...readdirSync(data, { recursive: true }).map((name) => join(data, String(name))),
  ];
  const hash = createHash('sha256').update(packageVersion());
  for (const file of files.filter((path) => existsSync(path) && statSync(path).isFile()))
    hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
};
