import { execFile } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { packageRoot } from '#runtime';
import { buildInto } from '../scripts/build.mjs';
import type { InProcess } from './in-process.ts';
import { renderBench, renderSandbox, renderScripts, renderTasks } from './render.ts';
import { benchSandbox } from './sandbox.ts';
import { benchScripts } from './scripts.ts';
import { benchTasks } from './tasks.ts';

/** Of the dependencies and failures of the tasks. */
const SEED = Number(process.env.STUDIO_BENCH_SEED ?? 1);

/** What is measured in one process runs as it is shipped: bundled. The loader of the sources alone costs a sixth more. */
const benchInProcess = async (): Promise<InProcess> => {
  const root = packageRoot();
  const main = await buildInto(root, join(root, 'node_modules', '.cache', 'studio-bench'), 'bench/in-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [main]);
  return JSON.parse(stdout);
};

const runAll = async () => ({
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.versions.node },
  ...(await benchInProcess()),
  scripts: await benchScripts(),
  sandbox: await benchSandbox(),
  tasks: await benchTasks(SEED),
});
export type Bench = Awaited<ReturnType<typeof runAll>>;

const flag = { type: 'boolean', default: false } as const;

const run = async (): Promise<string> => {
  const { values } = parseArgs({ options: { scripts: flag, sandbox: flag, tasks: flag, json: flag } });
  if (values.scripts) return renderScripts(await benchScripts());
  if (values.sandbox) return renderSandbox(await benchSandbox());
  if (values.tasks) return renderTasks(await benchTasks(SEED));
  const result = await runAll();
  return values.json ? `${JSON.stringify(result, null, 2)}\n` : renderBench(result);
};

process.stdout.write(await run());
process.exit(0);
