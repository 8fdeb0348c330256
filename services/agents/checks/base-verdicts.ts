import type { DiscoveredGate } from '#contracts';
import { findLockFile } from '#workspace';
import type { FoundGate } from './discover-gates.ts';
import { type GateVerdict, runGate } from './run-gate.ts';
import { createVerdictCache } from './verdict-cache.ts';
import type { CheckContext } from './verify.ts';

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
  const cache = createVerdictCache({ ...request, ...known });
  const gates: DiscoveredGate[] = [];
  let ran = 0;
  for (const gate of request.gates) {
    if (!isOpen(gate)) {
      gates.push({ ...gate, base: gate.base ?? 'not_available' });
      continue;
    }
    let base: GateVerdict['verdict'] | null = await cache.recall(gate.command);
    if (base === null) {
      request.onRun?.(gate);
      base = (await runGate(gate.command, request)).verdict;
      ran += 1;
      if (base !== 'not_available') await cache.remember(gate.command, base);
    }
    gates.push({ ...gate, base });
  }
  return { gates, ran };
};

/** Whether it is to be found out how a gate was before. */
const isOpen = (gate: FoundGate): gate is FoundGate & { readonly command: string } =>
  gate.base === null && gate.command !== null;
