import { openWorkspace } from './index.ts';

/** A worker process that runs one command in a workspace and is killed meanwhile. Arguments: home, root, command. */
const [home = '', root = '', command = ''] = process.argv.slice(2);
const workspace = await openWorkspace({
  orchestration: 'orch_20260202_143052_a1b2c3d4e5f6',
  lease: 4,
  root,
  studioDir: `${home}/.studio`,
  cacheDir: `${home}/cache`,
  settings: {
    setup: false,
    copy: [],
    commandTimeoutMs: 60_000,
    allowEnv: [],
    security: { forbidden: [], secretFiles: [] },
  },
  environment: { PATH: process.argv[5] },
  redact: (text) => text,
  signal: new AbortController().signal,
});
await workspace.run(command);
