import { startRedisServer } from '../test/support/redis-server.ts';
import { benchGoals, benchScaleOut } from './goals.ts';
import { benchLog } from './log.ts';

/** A server of its own, durable like the embedded one, but synced each second: both sides of a ratio pay the same. */
const SETTINGS = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--stream-node-max-bytes', '2048'];

const measure = async () => {
  const server = await startRedisServer(SETTINGS);
  try {
    return {
      goals: await benchGoals({ url: server.url }),
      scaleOut: await benchScaleOut({ url: server.url }),
      log: await benchLog(),
    };
  } finally {
    await server.stop();
  }
};
export type InProcess = Awaited<ReturnType<typeof measure>>;

process.stdout.write(JSON.stringify(await measure()), () => process.exit(0));
