import { cpus, totalmem } from 'node:os';
import { startRedisServer } from '../test/support/redis-server.ts';
import { benchGoals, benchScaleOut } from './goals.ts';
import { benchLog } from './log.ts';
import { renderBench, renderSandbox, renderScripts, renderTasks } from './render.ts';
import { benchSandbox } from './sandbox.ts';
import { benchScripts } from './scripts.ts';
import { benchTasks } from './tasks.ts';

/** A server of its own, durable like the embedded one, but synced each second: both sides of a ratio pay the same. */
const SETTINGS = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--stream-node-max-bytes', '2048'];

/** Of the dependencies and failures of the tasks. */
const SEED = Number(process.env.STUDIO_BENCH_SEED ?? 1);

const runAll = async () => {
  const server = await startRedisServer(SETTINGS);
  try {
    return {
      machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.versions.node },
      goals: await benchGoals({ url: server.url }),
      scaleOut: await benchScaleOut({ url: server.url }),
      log: await benchLog(),
      scripts: await benchScripts(),
      sandbox: await benchSandbox(),
      tasks: await benchTasks(SEED),
    };
  } finally {
    await server.stop();
  }
};
export type Bench = Awaited<ReturnType<typeof runAll>>;

const run = async (): Promise<string> => {
  if (process.argv.includes('--scripts')) return renderScripts(await benchScripts());
  if (process.argv.includes('--sandbox')) return renderSandbox(await benchSandbox());
  if (process.argv.includes('--tasks')) return renderTasks(await benchTasks(SEED));
  const result = await runAll();
  return process.argv.includes('--json') ? `${JSON.stringify(result, null, 2)}\n` : renderBench(result);
};

process.stdout.write(await run());
process.exit(0);
