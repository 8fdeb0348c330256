import type { CommandOutcome } from '#engines';

type Run = (command: string, options?: { timeoutMs?: number }) => Promise<CommandOutcome>;

/**
 * What passed on which files, in this lease. A plan's last check, its acceptance criterion and a gate are often one
 * command: on the same tree it need not run three times. What failed is never remembered.
 */
export interface CheckedTrees {
  /** The same `run`, but for commands that passed on this tree. `null`: the files are not known, so everything runs. */
  on(tree: string | null, run: Run): Run;
}

export const createCheckedTrees = (): CheckedTrees => {
  const passed = new Map<string, CommandOutcome>();
  return {
    on: (tree, run) => async (command, options) => {
      const key = `${tree} ${command}`;
      const known = tree === null ? undefined : passed.get(key);
      if (known) return known;
      const outcome = await run(command, options);
      if (tree !== null && outcome.exitCode === 0 && !outcome.timedOut) passed.set(key, outcome);
      return outcome;
    },
  };
};
