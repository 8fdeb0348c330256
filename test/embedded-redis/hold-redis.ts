import { startEmbeddedRedis } from '#embedded-redis';

// A host in miniature: starts the server of a folder, prints one line, and lives until it is killed.
const [dir = ''] = process.argv.slice(2);
try {
  const { socketPath, pid } = await startEmbeddedRedis({ dir, env: process.env });
  process.stdout.write(`${JSON.stringify({ outcome: 'up', socketPath, pid })}\n`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : String(error);
  process.stdout.write(`${JSON.stringify({ outcome: 'refused', code })}\n`);
}
