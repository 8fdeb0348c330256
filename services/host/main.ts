import { runHost } from './run-host.ts';

const [, , studioDir] = process.argv;
if (studioDir === undefined) {
  process.stderr.write('usage: host <.studio folder>; studio up starts it\n');
  process.exit(2);
}
await runHost({ studioDir, env: process.env });
