import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { namedPaths, programWords } from './named-paths.ts';

const shell = (line: string) => ({ file: 'sh', args: ['-c', line] });

test.each([
  ['node /opt/agent.mjs --fast', ['node', '/opt/agent.mjs', '--fast']],
  [`'/usr/bin/node' "/opt/my agent.mjs" 'it is'`, ['/usr/bin/node', '/opt/my agent.mjs', 'it is']],
  ['KEY=1 agent --x="a b"', ['KEY=1', 'agent', '--x=a b']],
  ['agent "$HOME/x" /etc/y', ['agent']],
  ['agent; rm /etc/y', []],
  ['agent | tee /etc/y', ['agent']],
  ['a b c d e f g h', ['a', 'b', 'c', 'd', 'e', 'f']],
])('of %s the words that stand for themselves count, up to the first that does not', (line, words) => {
  expect(programWords(shell(line))).toEqual(words);
});

test('a program that is not started by a shell is its words', () => {
  expect(programWords({ file: '/opt/agent', args: ['say $x'] })).toEqual(['/opt/agent', 'say $x']);
});

test('a file in quotes may be read with what lies beside it, and one of the home folder alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-named-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'an engine.mjs');
  await writeFile(file, '');
  expect(namedPaths(shell('cat ~/"an engine.mjs"'), '/usr/bin:/bin', folder)).toContain(file);
  expect(namedPaths(shell(`cat '${file}'`), '/usr/bin:/bin', '/home/ada')).toEqual(
    expect.arrayContaining([file, folder]),
  );
});
