import { join } from 'node:path';
import { killBuilders, takeOversMs } from '../test/support/kill-builders.ts';
import { makeRepository } from '../test/support/line-goals.ts';
import { createRandom } from '../test/support/random.ts';
import { setScene, submitUntilTaken, unfinished, untilEnded } from '../test/support/scene.ts';
import {
  auditGraph,
  criticalPath,
  drawGraph,
  type GraphTask,
  graphGoal,
  shortestMs,
} from '../test/support/task-graph.ts';
import { waitUntil } from '../test/support/wait-until.ts';

const BUILDERS = 8;
const TASKS = 50;
/** As short as a task of an agent may be: the shorter, the more every process between two of them weighs. */
const WAIT_MS = [2_000, 4_000] as const;
const KILLS = 3;
const DEADLINE_MS = 600_000;

interface RunOptions {
  readonly graph: readonly GraphTask[];
  readonly seed: number;
  readonly kills: number;
}

/** One goal of many tasks, on processes of their own, with git and without any engine. */
const runGraph = async ({ graph, seed, kills }: RunOptions) => {
  const scene = await setScene({ env: { STUDIO_RECOVERY_LEASES_PER_ATTEMPT: '100' } });
  try {
    const { studio, fleet, folder } = scene;
    const workspace = join(folder, 'repository');
    await makeRepository(workspace);
    fleet.start('router');
    fleet.start('builder', { count: BUILDERS });
    await fleet.ready();
    const goal = await graphGoal(graph, { workspace, folder });
    const id = await submitUntilTaken(studio, goal);
    await waitUntil('the tasks are known', async () => (await studio.state(id)).tasks.length === graph.length);
    const done = await killBuilders({ ...scene, random: createRandom(seed), id, kills });
    await untilEnded(studio, [id], DEADLINE_MS);
    const state = await studio.state(id);
    const wrong = [
      ...(await unfinished(studio, [id])),
      ...(await auditGraph(graph, workspace, state, await studio.events(id))),
    ];
    if (wrong.length > 0) throw new Error(`seed ${seed}: ${wrong.join('\n')}`);
    return { wallMs: state.outcome?.result.duration_ms ?? 0, takeOversMs: await takeOversMs(studio, done) };
  } finally {
    await scene.end();
  }
};

/** The longest chain of waits, beside the time from the goal to its verified end; then the same with builders killed. */
export const benchTasks = async (seed: number) => {
  const graph = drawGraph(createRandom(seed), { tasks: TASKS, waitMs: WAIT_MS });
  const path = criticalPath(graph);
  const calm = await runGraph({ graph, seed, kills: 0 });
  const killed = await runGraph({ graph, seed, kills: KILLS });
  return {
    seed,
    tasks: TASKS,
    builders: BUILDERS,
    criticalPathMs: path.ms,
    tasksOnPath: path.tasks,
    shortestMs: Math.round(shortestMs(graph, BUILDERS)),
    wallMs: calm.wallMs,
    wallOverPath: Number((calm.wallMs / path.ms).toPrecision(3)),
    kills: KILLS,
    killedWallMs: killed.wallMs,
    addedMsByKill: Math.round((killed.wallMs - calm.wallMs) / KILLS),
    takeOversMs: killed.takeOversMs,
  };
};
