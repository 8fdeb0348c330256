import { openWorkspace } from './index.ts';

/** A worker process that runs one command in a workspace and is killed meanwhile. Arguments: home, root, command, PATH, orchestration. */
const [home = '', root = '', command = '', path = '', orchestration = ''] = process.argv.slice(2);
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
  signal: new AbortController().signal,
});
await workspace.run(command);
