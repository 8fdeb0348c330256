// `npm run check`: what must hold besides the tests. Side by side, since most of it keeps one core busy; the longest first.
import { availableParallelism } from 'node:os';
import { execa } from 'execa';

const waiting = ['types', 'docs:check', 'boundaries', 'unused', 'lint', 'format:check'];

const runNext = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const started = performance.now();
    const { failed, all } = await execa('npm', ['run', '--silent', name], { all: true, reject: false });
    if (failed) process.exitCode = 1;
    const seconds = Math.round((performance.now() - started) / 1_000);
    process.stdout.write(`${failed ? '✗' : '✓'} ${name} (${seconds} s)\n${failed ? `${all}\n` : ''}`);
  }
};

await Promise.all(Array.from({ length: availableParallelism() }, runNext));
