import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folder of this package: the nearest one above this module that has a package.json. The same from the sources, from a
 * bundle in `dist/` and from an installed package, so data files are found everywhere.
 */
export const packageRoot = (from: string = import.meta.url): string => {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json above ${from}; the installation is incomplete`);
  }
};

/** Version of this package, as its workers announce it. */
export const packageVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : null;
  return typeof version === 'string' ? version : 'unknown';
};
