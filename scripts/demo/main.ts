import { runDemo } from './run-demo.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

process.exitCode = await runDemo({
  output: process.stdout,
  seed: process.env.STUDIO_CRASH_SEED,
  signal: stop.signal,
});
