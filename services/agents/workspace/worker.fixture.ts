import { openWorkspace } from './index.ts';
import { testSandboxes } from './workspace.fixture.ts';

/** A worker process that runs one command in a workspace and is killed meanwhile. Arguments: home, root, command, PATH, orchestration, `sandboxed` or nothing. */
const [home = '', root = '', command = '', path = '', orchestration = '', sandboxed = ''] = process.argv.slice(2);
const workspace = await openWorkspace({
  orchestration,
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
  environment: { PATH: path },
  redact: (text) => text,
  sandboxes: sandboxed === '' ? null : testSandboxes({ PATH: path }),
  signal: new AbortController().signal,
});
await workspace.run(command);
