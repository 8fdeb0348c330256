import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { withParent } from '../with-parent.ts';
import { type RecordedRequest, readRecords } from './record.ts';
import type { Fault, Scenario } from './scenario.ts';

/** A model server that can be killed. */
export interface ModelServerProcess {
  /** The same before and after a kill. */
  readonly url: (scenario: string) => string;
  /** Everything it was asked, by all processes that served here. */
  readonly requests: () => readonly RecordedRequest[];
  /** Forgotten when it is killed, where they have not happened by then. */
  readonly inject: (scenario: string, ...faults: readonly (Fault | null)[]) => Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** Serves again on the same port, after a kill. Resolves when it answers. */
  readonly respawn: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

export const startModelServerProcess = async (
  scenarios: Readonly<Record<string, Scenario>>,
): Promise<ModelServerProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-model-server-'));
  const records = join(folder, 'requests.jsonl');
  await writeFile(join(folder, 'scenarios.json'), JSON.stringify(scenarios));
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const args = ['--import', 'tsx', MAIN, join(folder, 'scenarios.json'), String(port), records];
    const child = spawn(...withParent(process.execPath, args), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout ?? child, 'data');
    return child;
  };
  let child = await start();
  const kill = async (): Promise<void> => {
    const exited = once(child, 'exit');
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await exited;
  };
  return {
    url: (scenario) => `http://127.0.0.1:${port}/s/${scenario}`,
    requests: () => readRecords(records),
    inject: async (scenario, ...faults) => {
      await fetch(`http://127.0.0.1:${port}/faults/${scenario}`, { method: 'POST', body: JSON.stringify(faults) });
    },
    kill,
    respawn: async () => {
      child = await start();
    },
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
