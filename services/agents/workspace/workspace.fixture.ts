import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { vi } from 'vitest';
import { createSandboxes, type SandboxPolicy } from '#sandbox';
import { sandboxPolicy } from '../../../test/support/sandbox-policy.ts';
import { type OpenWorkspaceRequest, openWorkspace, type Workspace } from './index.ts';

/** Of this test process alone: what a run leaves behind is found, and killed, by its id on the whole machine. */
export const ORCHESTRATION = `orch_20260202_143052_${randomBytes(5).toString('hex')}00`;

export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

export const testSandboxes = (env: OpenWorkspaceRequest['environment'], policy: Partial<SandboxPolicy> = {}) =>
  createSandboxes(sandboxPolicy(policy), env);

/** A folder of a person, a cache and a `.studio` folder, all in one temporary place that a test takes away. */
export interface Fixture {
  readonly home: string;
  readonly root: string;
  readonly cacheDir: string;
  readonly place: { readonly root: string; readonly studioDir: string };
  readonly sh: (command: string, cwd?: string) => Promise<string>;
  /** Makes the folder a repository with one commit. @returns the commit */
  readonly repository: (files?: Readonly<Record<string, string>>) => Promise<string>;
  readonly open: (request?: Partial<OpenWorkspaceRequest>) => Promise<Workspace>;
  readonly end: () => Promise<void>;
}

export const createFixture = async (environment: OpenWorkspaceRequest['environment']): Promise<Fixture> => {
  const home = await mkdtemp(join(tmpdir(), 'studio workspace ü-'));
  const root = join(home, "the user's project");
  const place = { root, studioDir: join(home, '.studio') };
  const cacheDir = join(home, 'cache');
  const opened: Workspace[] = [];
  await mkdir(root);
  const sh = async (command: string, cwd = root) => (await execa('sh', ['-c', command], { cwd })).stdout;
  return {
    home,
    root,
    cacheDir,
    place,
    sh,
    repository: async (files = { 'a.txt': 'one\n' }) => {
      await sh('git init -q -b main && git config user.name T && git config user.email t@t');
      for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content);
      await sh('git add -A && git commit -q -m first');
      return sh('git rev-parse HEAD');
    },
    open: async (request = {}) => {
      const workspace = await openWorkspace({
        orchestration: ORCHESTRATION,
        lease: 4,
        ...place,
        cacheDir,
        settings: {
          setup: 'auto',
          copy: [],
          commandTimeoutMs: 120_000,
          allowEnv: [],
          security: { forbidden: [], secretFiles: [] },
        },
        environment,
        redact: (text) => text,
        signal: new AbortController().signal,
        ...request,
      });
      opened.push(workspace);
      return workspace;
    },
    end: async () => {
      await Promise.all(opened.map((workspace) => workspace.dispose()));
      await rm(home, { recursive: true, force: true });
    },
  };
};

/** Polls instead of sleeping: on a busy machine nothing happens on time. */
export const eventually = (condition: () => Promise<boolean>): Promise<boolean> =>
  vi.waitUntil(condition, { timeout: 120_000, interval: 20 });
