import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

test('docs/dependencies.md has a line for each dependency, and for nothing else', async () => {
  const text = await readFile(new URL('../../docs/dependencies.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const explained = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  const installed = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
  expect(explained.toSorted()).toEqual(installed.toSorted());
});
