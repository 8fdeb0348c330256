// `npm test`: sets up what is missing, builds, and runs the tests; arguments go to vitest.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';
import { runThrough } from './start.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const main = async () => {
  const args = process.argv.slice(2);
  const check = args.includes('--check');
  const code = setUp({ root, env: process.env, check });
  if (code !== 0 || check) return code;
  const { build, isStale } = await import('./build.mjs');
  if (isStale(root)) await build(root);
  return runThrough(process.execPath, [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--root',
    root,
    ...args,
  ]);
};

process.exitCode = await main();
