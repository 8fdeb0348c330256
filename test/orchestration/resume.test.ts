import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CheckpointsDocument } from '#contracts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { settled } from '../support/settled.ts';
import { makeTreeRepository, treeGoal } from '../support/tree-goals.ts';
import { waitUntil } from '../support/wait-until.ts';

let scene: Scene;
let workspace: string;
let outside: string;

beforeEach(async () => {
  scene = await setScene({ env: { STUDIO_RECOVERY_CHECKPOINT_EVERY: '1' } });
  workspace = join(scene.folder, 'repository');
  outside = join(scene.folder, 'outside');
  await mkdir(outside);
  await makeTreeRepository(workspace);
  for (const service of ['router', 'state', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
});
afterEach(() => scene.end());

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd: workspace, reject: false })).stdout;

/** A run that hangs in its third step, after checkpoints of the first two. */
const held = async (): Promise<{ readonly id: string; readonly checkpoints: CheckpointsDocument['checkpoints'] }> => {
  const id = await submitUntilTaken(scene.studio, treeGoal({ workspace, outside }));
  await waitUntil('the third step runs', async () => (await readdir(outside)).includes('held'));
  const { checkpoints } = await scene.studio.checkpoints(id);
  return { id, checkpoints };
};

const back = async (id: string, checkpoint: string): Promise<void> =>
  void (await scene.studio.control(id, { command: 'resume', checkpoint }));

/** The branch shows exactly the files of this commit. */
const expectFiles = async (id: string, commit: string | null): Promise<void> => {
  const problems = await settled(async () => {
    const [branch, saved] = await Promise.all([
      git('rev-parse', `studio/${id}^{tree}`),
      git('rev-parse', `${commit}^{tree}`),
    ]);
    return branch === saved ? [] : [`the branch shows tree ${branch}, the checkpoint has ${saved}`];
  });
  expect(problems).toEqual([]);
};

const filesAt = async (commit: string | null): Promise<readonly string[]> =>
  (await git('ls-tree', '-r', '--name-only', String(commit))).split('\n');

test('after a kill -9 it goes back to a checkpoint with exactly its files, and on to any later one', async () => {
  const { id, checkpoints } = await held();
  const [builder] = scene.fleet.of('builder');
  await builder?.kill();
  const [first, second] = checkpoints;
  if (!first || !second) throw new Error('two checkpoints were expected');
  expect(await filesAt(first.commit)).toEqual(['kept.txt', 'made-1.txt', 'notes/untracked.txt', 'old.txt']);
  expect(await filesAt(second.commit)).toEqual(['kept.txt', 'made-1.txt', 'made-2.txt', 'notes/untracked.txt']);

  await back(id, first.id);
  await expectFiles(id, first.commit);
  expect((await scene.studio.checkpoints(id)).checkpoints).toEqual(checkpoints);
  await back(id, second.id);
  await expectFiles(id, second.commit);
  await back(id, first.name === second.name ? first.id : first.name);
  await expectFiles(id, first.commit);
  expect((await scene.studio.checkpoints(id)).latest).toBe(first.id);

  builder?.respawn();
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  // Done again by another worker: it saw what the first one saw, untracked files and all.
  const [seen, again, ...more] = await Promise.all(
    (await readdir(outside))
      .filter((name) => name.startsWith('seen'))
      .map((name) => readFile(join(outside, name), 'utf8')),
  );
  expect(more).toEqual([]);
  expect(seen).toContain('notes/untracked.txt');
  expect(again).toBe(seen);
  const { outcome } = await scene.studio.state(id);
  expect(await filesAt(outcome?.result.commit ?? null)).toEqual([
    'kept.txt',
    'made-1.txt',
    'made-2.txt',
    'made-3.txt',
    'made-4.txt',
  ]);
  await expectFiles(id, outcome?.result.commit ?? null);
  expect(await auditOrchestrations(scene)).toEqual([]);
});

test('after a bad end it goes on from the latest checkpoint, and each checkpoint costs less than 1 KB in the log', async () => {
  const { id, checkpoints } = await held();
  await scene.studio.control(id, { command: 'abort', reason: 'enough' });
  await scene.studio.control(id, { command: 'resume', checkpoint: null });
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  const resumed = (await scene.studio.events(id)).find((event) => event.type === 'orchestration.resumed');
  expect(resumed?.data).toMatchObject({ checkpoint: checkpoints.at(-1)?.id });
  let saved = 0;
  for await (const { body, hash } of scene.studio.stored(id)) {
    if (!body.includes('"type":"checkpoint.saved"')) continue;
    saved += 1;
    expect(Buffer.byteLength(body) + Buffer.byteLength(hash)).toBeLessThan(1_024);
  }
  expect(saved).toBeGreaterThan(3);
  expect(await auditOrchestrations(scene)).toEqual([]);
});
