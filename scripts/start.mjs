// `npm start`: sets up what is missing, builds, and runs a goal; without one, the shipped example gets a health endpoint.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeExampleWorkspace } from './example-workspace.mjs';
import { setUp } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const GOAL = 'Add a health endpoint';

/** What follows `studio orchestrate build --yes`. A goal comes first; flags alone keep the goal of the example. */
export const goalArguments = (args, exampleWorkspace) => {
  const hasGoal = args[0] !== undefined && !args[0].startsWith('-');
  if (hasGoal) return args;
  const hasWorkspace = args.some((arg) => arg === '--workspace' || arg.startsWith('--workspace='));
  return [GOAL, ...(hasWorkspace ? [] : ['--workspace', exampleWorkspace()]), ...args];
};

/** Runs to its end in the folder where the person stands, which npm hides in INIT_CWD. @returns its exit code */
export const runThrough = (program, args) => {
  // Ctrl-C reaches the child by itself; this process only waits for what the child makes of it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  const { status, signal, error } = spawnSync(program, args, {
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  if (error) throw error;
  return status ?? (signal === 'SIGINT' ? 130 : 1);
};

const main = async () => {
  const args = process.argv.slice(2);
  const check = args.includes('--check');
  const code = setUp({ root, env: process.env, check });
  if (code !== 0 || check) return code;
  const { build, isStale } = await import('./build.mjs');
  if (isStale(root)) await build(root);
  const goal = goalArguments(args, () => makeExampleWorkspace(root));
  return runThrough(process.execPath, [join(root, 'bin', 'studio'), 'orchestrate', 'build', '--yes', ...goal]);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
