import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Goal } from '#contracts';
import type { Recorded, RecordedOf } from '#events';
import type { Member } from '../support/fleet.ts';
import { makeRepository } from '../support/line-goals.ts';
import { marksOf } from '../support/marked-processes.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

let scene: Scene;
let repository: string;

beforeEach(async () => {
  scene = await setScene();
  repository = join(scene.folder, 'repository');
  await makeRepository(repository);
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder', { count: 2 });
  await scene.fleet.ready();
});
afterEach(() => scene.end());

/** Whoever comes later does the step once this is there. */
const goFile = (): string => join(scene.folder, 'go');

/** Whoever comes first writes a file of its own and never gets further. */
const goalThatHolds = (): Goal => {
  const flag = join(scene.folder, 'first');
  const hold = `if mkdir '${flag}'; then echo mine >> older.txt; (sleep 300 & sleep 300); fi`;
  const wait = `until [ -e '${goFile()}' ]; do sleep 0.05; done`;
  return {
    goal: 'Write a line',
    workspace: repository,
    workflow: 'build_only',
    plan: {
      id: 'bp_hold',
      task_id: 'hold',
      goal: 'Write a line',
      acceptance_criteria: [],
      quality_gates: { lint: false, typecheck: false, test: false, security: false },
      steps: [
        {
          id: 'step_1',
          name: 'Write a line',
          action: 'write a line',
          operations: [{ op: 'run', command: `${hold}; ${wait}; echo newer >> lines.txt` }],
          success_criteria: [
            { criterion: 'the line is there', verification: { type: 'file_exists', path: 'lines.txt' } },
          ],
          depends_on: [],
        },
      ],
    },
  };
};

const leases = async (id: string): Promise<readonly RecordedOf<'agent.started'>[]> =>
  (await scene.studio.events(id)).filter((event) => event.type === 'agent.started');

/** The first lease, when its command runs. */
const untilHeld = async (id: string): Promise<RecordedOf<'agent.started'>> => {
  let lease: RecordedOf<'agent.started'> | undefined;
  await waitUntil('the first worker is in its step', async () => {
    [lease] = await leases(id);
    return lease !== undefined && (await marksOf(id, lease.version)).length >= 3;
  });
  if (!lease) throw new Error('no lease');
  return lease;
};

const memberOf = (lease: RecordedOf<'agent.started'>): Member => {
  const found = scene.fleet.members.find((member) => member.pid() === lease.data.worker.pid);
  if (!found) throw new Error(`no member has process ${lease.data.worker.pid}`);
  return found;
};

const isUnder = (event: Recorded, lease: number): boolean => 'lease' in event.data && event.data.lease === lease;

const expectOnlyTheNewer = async (id: string, older: number): Promise<void> => {
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  const events = await scene.studio.events(id);
  const newer = events.filter((event) => event.type === 'agent.started').at(-1)?.version ?? 0;
  expect(newer).toBeGreaterThan(older);
  expect(events.filter((event) => event.version > newer && isUnder(event, older))).toEqual([]);
  await waitUntil('the branch holds the work of the newer alone', async () => {
    const args = ['ls-tree', '-r', '--name-only', `studio/${id}`];
    const { stdout } = await execa('git', args, { cwd: repository, reject: false });
    return stdout === 'lines.txt';
  });
  expect(await marksOf(id, older)).toEqual([]);
  expect(await auditOrchestrations(scene)).toEqual([]);
};

test('of two workers on one attempt the newer lease writes; the older stops as soon as there is one', async () => {
  const id = await submitUntilTaken(scene.studio, goalThatHolds());
  const older = await untilHeld(id);
  const queue = new Queue('agent-builder', { connection: scene.redis, prefix: scene.tag });
  const { dispatch } = older.data;
  const job = { orchestration: id, dispatch, role: 'builder' };
  await queue.add('work', job, { jobId: `again-${id}-${dispatch}`, removeOnComplete: true });
  await queue.close();

  await waitUntil('a second lease is taken', async () => (await leases(id)).length === 2);
  // While the newer one is still at work, and nothing but its lease tells the older one of it.
  await waitUntil('nothing of the first is left', async () => (await marksOf(id, older.version)).length === 0);
  await writeFile(goFile(), '');
  await untilEnded(scene.studio, [id]);
  await expectOnlyTheNewer(id, older.version);
  // It lost a lease, not its mind: the process goes on to work.
  expect(memberOf(older).isReady()).toBe(true);
});

test('a worker that froze beyond its lock and wakes up finds its lease gone, and writes nothing', async () => {
  const id = await submitUntilTaken(scene.studio, goalThatHolds());
  const older = await untilHeld(id);
  const frozen = memberOf(older);
  await writeFile(goFile(), '');
  frozen.signal('SIGSTOP');
  await waitUntil('another worker takes over', async () => (await leases(id)).length === 2);
  frozen.signal('SIGCONT');
  await untilEnded(scene.studio, [id]);
  await waitUntil('nothing of the first is left', async () => (await marksOf(id, older.version)).length === 0);
  await expectOnlyTheNewer(id, older.version);

  // Both workers take the next goals.
  const next = await Promise.all(
    ['next-1', 'next-2'].map((key) => submitUntilTaken(scene.studio, { ...goalThatHolds(), key })),
  );
  await untilEnded(scene.studio, next);
  expect(await unfinished(scene.studio, next)).toEqual([]);
});
