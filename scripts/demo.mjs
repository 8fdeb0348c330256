// `npm run demo`: sets up what is missing, builds, and runs the demonstration of `scripts/demo/`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';
import { runThrough } from './start.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const main = async () => {
  const args = process.argv.slice(2);
  const check = args.includes('--check');
  // It kills and wipes, so it takes a Redis of its own and never the one that REDIS_URL names.
  const code = setUp({ root, env: { ...process.env, REDIS_URL: '' }, check });
  if (code !== 0 || check) return code;
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  return runThrough(process.execPath, [tsx, join(root, 'scripts', 'demo', 'main.ts'), ...args]);
};

process.exitCode = await main();
