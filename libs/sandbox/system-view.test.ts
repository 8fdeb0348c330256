import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ofRootAlone } from './system-view.ts';

test('what root alone may read is hidden from what root runs, and nobody else could read it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-etc-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const make = async (path: string, mode: number) => {
    await writeFile(join(folder, path), '');
    await chmod(join(folder, path), mode);
  };
  await mkdir(join(folder, 'open'));
  await mkdir(join(folder, 'closed'));
  await make('open/hosts', 0o644);
  await make('open/password', 0o640);
  await make('closed/key', 0o644);
  await make('key', 0o600);
  await chmod(join(folder, 'closed'), 0o700);
  const found = (await ofRootAlone(folder)).map(({ kind, path }) => `${kind} ${path.slice(folder.length + 1)}`);
  const hidden = ['hide-file key', 'hide-file open/password', 'hide-folder closed'];
  expect(found.sort()).toEqual(process.getuid?.() === 0 ? hidden : []);
});
