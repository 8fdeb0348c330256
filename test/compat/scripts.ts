import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder to stand in, and the real script started from there as people do. */
export const scriptIn = (script: 'context-manager.sh' | 'orchestrator.sh', settings: NodeJS.ProcessEnv = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'studio-script-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  // Not ours: what hosts keep in a home is one for all of them.
  const [folder, HOME] = [join(root, 'project'), join(root, 'home')];
  for (const path of [folder, HOME]) mkdirSync(path);

  const runWith = (env: NodeJS.ProcessEnv, ...args: readonly string[]): Said => {
    const { PATH } = process.env;
    const started = { cwd: folder, env: { PATH, HOME, ...settings, ...env }, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(join(SCRIPTS, script), args, started);
    return { code: status, out: stdout, err: stderr };
  };

  return {
    folder,
    home: HOME,
    run: (...args: readonly string[]): Said => runWith({}, ...args),
    runWith,
    put: (name: string, text: string): string => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
  };
};
