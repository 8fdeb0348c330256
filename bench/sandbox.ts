import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxes, type Sandboxes } from '#sandbox';
import { openWorkspace, type Workspace } from '#workspace';
import { sandboxPolicy } from '../test/support/sandbox-policy.ts';
import { type Summary, summarize } from './summarize.ts';

export interface SandboxBench {
  readonly loadAverage: number;
  /** A command that does nothing, through a workspace with all that this takes. */
  readonly commandMs: { readonly without: Summary; readonly inSandbox: Summary };
  /** From a worktree that is there to the end of its first command. */
  readonly leaseMs: { readonly without: Summary; readonly inSandbox: Summary };
  /** Round by round. */
  readonly commandRatio: Summary;
}

const SETTINGS = {
  setup: false,
  copy: [],
  commandTimeoutMs: 60_000,
  allowEnv: [],
  security: { forbidden: [], secretFiles: [] },
} as const;

const createPlace = () => {
  const folder = mkdtempSync(join(tmpdir(), 'studio-bench-'));
  const root = join(folder, 'repository');
  mkdirSync(root);
  writeFileSync(join(root, 'a.txt'), 'one\n');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: root });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  let lease = 0;
  const open = (sandboxes: Sandboxes | null): Promise<Workspace> =>
    openWorkspace({
      orchestration: `orch_20260101_000000_${process.pid.toString(16).padStart(12, '0')}`,
      lease: ++lease,
      root,
      cacheDir: join(folder, 'cache'),
      studioDir: join(folder, '.studio'),
      settings: SETTINGS,
      environment: process.env,
      redact: (text) => text,
      signal: new AbortController().signal,
      sandboxes,
    });
  return { open, end: () => rmSync(folder, { recursive: true, force: true }) };
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

const command = (workspace: Workspace) => timed(() => workspace.run('true'));

/** Of one side: from the open worktree to its first command, then commands one by one. */
const createSide = async (open: () => Promise<Workspace>) => {
  const workspace = await open();
  await command(workspace);
  const commands: number[] = [];
  const leases: number[] = [];
  return {
    commands,
    leases,
    command: async () => void commands.push(await command(workspace)),
    lease: async () => {
      const started = performance.now();
      const opened = await open();
      await command(opened);
      leases.push(performance.now() - started);
      await opened.dispose();
    },
    end: () => workspace.dispose(),
  };
};

/**
 * What a command and a lease cost in the sandbox, beside the same ones without; they take turns.
 * @returns `null` where there is none
 */
export const benchSandbox = async ({ rounds = 30 } = {}): Promise<SandboxBench | null> => {
  const sandboxes = createSandboxes(sandboxPolicy(), process.env);
  if ((await sandboxes.detect()).kind === 'none') return null;
  const place = createPlace();
  const sides = await Promise.all([null, sandboxes].map((kind) => createSide(() => place.open(kind))));
  const [without, inSandbox] = sides;
  try {
    for (let round = 0; round < rounds; round++) for (const side of sides) await side.command();
    for (let round = 0; round < rounds / 3; round++) for (const side of sides) await side.lease();
    if (!without || !inSandbox) return null;
    const ratios = inSandbox.commands.map((ms, round) => ms / (without.commands[round] ?? Number.NaN));
    const [loadAverage = 0] = loadavg();
    return {
      loadAverage: Math.round(loadAverage * 10) / 10,
      commandMs: { without: summarize(without.commands), inSandbox: summarize(inSandbox.commands) },
      leaseMs: { without: summarize(without.leases), inSandbox: summarize(inSandbox.leases) },
      commandRatio: summarize(ratios),
    };
  } finally {
    for (const side of sides) await side.end();
    place.end();
  }
};
