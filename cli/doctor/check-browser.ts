import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Config } from '#contracts';
import type { Io } from '../io.ts';
import type { Check } from '../render/diagnosis.ts';

const run = promisify(execFile);

const NONE = 'none: plans with checks in a browser need one, apt-get install -y chromium';

/** Whether pages can be checked here. What stands for a browser and only says how to install one gives no version. */
export const checkBrowser = async (config: Config, { env }: Io): Promise<Check> => {
  const { browserOf } = await import('#host/browser');
  const browser = browserOf(config, env);
  if (!browser) return { name: 'browser', verdict: 'ok', found: NONE, todo: null };
  try {
    const { stdout } = await run(browser.program, ['--version'], { timeout: 10_000 });
    return { name: 'browser', verdict: 'ok', found: `${stdout.trim()} (${browser.program})`, todo: null };
  } catch {
    const found = `${browser.program} does not start`;
    return { name: 'browser', verdict: 'warn', found, todo: 'set browser.program to one that does, or to false' };
  }
};
