import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { DiscoveredGate } from '#contracts';
import { findLockFile } from '#workspace';
import type { FoundGate } from './discover-gates.ts';
import { type GateVerdict, runGate } from './run-gate.ts';
import type { CheckContext } from './verify.ts';

const Remembered = z.strictObject({ base: z.enum(['green', 'red']), at: z.number() });

/**
 * Green is remembered for good: the same files say the same. Red only for a while, because a test that failed by chance
 * would switch its gate off for every later goal on that commit. A missing tool never: installing it changes no file.
 */
const RED_LASTS_MS = 15 * 60 * 1000;

export interface BaseRequest extends CheckContext {
  readonly gates: readonly FoundGate[];
  /** The tree that lies in the worktree, which must be the one of the base. */
  readonly treeHash: () => Promise<string>;
  /** The folder within the tree: the same command means another thing in another package. */
  readonly folder: string;
  readonly cacheDir: string;
  readonly now: () => number;
  /** Told before a gate really runs, because that may take minutes. */
  readonly onRun?: (gate: FoundGate) => void;
}

export interface BaseVerdicts {
  readonly gates: readonly DiscoveredGate[];
  /** How many really ran. Where any did, they may have left files behind: reset the worktree. */
  readonly ran: number;
}

/**
 * Runs each gate on the base before anything changes, so that nobody is blamed for what was red before.
 * @throws the signal's reason when aborted
 */
export const runOnBase = async (request: BaseRequest): Promise<BaseVerdicts> => {
  const known = request.gates.some(isOpen)
    ? { tree: await request.treeHash(), lock: (await findLockFile(request.directory))?.content }
    : { tree: '', lock: undefined };
  const gates: DiscoveredGate[] = [];
  let ran = 0;
  for (const gate of request.gates) {
    if (!isOpen(gate)) {
      gates.push({ ...gate, base: gate.base ?? 'not_available' });
      continue;
    }
    const file = fileOf(request, gate.command, known);
    let base = await recall(file, request.now());
    if (base === null) {
      request.onRun?.(gate);
      base = (await runGate(gate.command, request)).verdict;
      ran += 1;
      if (base !== 'not_available') await remember(file, base, request.now());
    }
    gates.push({ ...gate, base });
  }
  return { gates, ran };
};

/** Whether it is to be found out how a gate was before. */
const isOpen = (gate: FoundGate): gate is FoundGate & { readonly command: string } =>
  gate.base === null && gate.command !== null;

interface Known {
  readonly tree: string;
  readonly lock: Buffer | undefined;
}

const fileOf = ({ cacheDir, folder }: BaseRequest, command: string, { tree, lock }: Known) => {
  const hash = createHash('sha256').update([tree, folder, command, process.version, ''].join('\0'));
  return join(
    cacheDir,
    'verdicts',
    `${hash
      .update(lock ?? '')
      .digest('hex')
      .slice(0, 40)}.json`,
  );
};

const recall = async (file: string, now: number): Promise<GateVerdict['verdict'] | null> => {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { base, at } = Remembered.parse(JSON.parse(text));
    return base === 'red' && now - at > RED_LASTS_MS ? null : base;
  } catch {
    // Written by another version, or cut off by a full disk: it is only a cache.
    await rm(file, { force: true });
    return null;
  }
};

const remember = async (file: string, base: z.infer<typeof Remembered>['base'], at: number) => {
  const draft = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, JSON.stringify({ base, at }));
  await rename(draft, file);
};
