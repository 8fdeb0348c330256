import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wreakHavoc } from '../../test/support/chaos.ts';
import { type LineGoal, lineGoal, linesIn, linesOf, makeRepository } from '../../test/support/line-goals.ts';
import { auditOrchestrations } from '../../test/support/orchestration.ts';
import { createRandom, seedFrom } from '../../test/support/random.ts';
import { type Scene, setScene, submitUntilTaken, unfinished } from '../../test/support/scene.ts';
import { createBoard } from './board.ts';
import { type Goals, watchGoals } from './watch-goals.ts';

export interface DemoOptions {
  readonly output: { readonly isTTY: boolean; write(text: string): unknown };
  /** Repeats the choice of victims. */
  readonly seed: string | undefined;
  readonly signal: AbortSignal;
}

const GOALS = 20;
const BUILDERS = 4;
const STEPS = 5;
const KILL_EVERY_MS = 1_000;
/** The killing ends with the last goal, or then: a job whose worker dies is taken up again within 20 s. */
const HAVOC_MS = 60_000;
const DEADLINE_MS = 120_000;

// A worker a second dies, so one goal may lose many before it gets on.
const env = { STUDIO_RECOVERY_LEASES_PER_ATTEMPT: '100' };

const submit = async (scene: Scene, workspace: string): Promise<Goals> => {
  const goals = new Map<string, LineGoal>();
  for (let n = 1; n <= GOALS; n++) {
    const goal: LineGoal = { key: `goal-${n}`, workspace, steps: STEPS, stepMs: 250, workflow: 'plan_then_build' };
    goals.set(await submitUntilTaken(scene.studio, lineGoal(goal)), goal);
  }
  return goals;
};

/** Lines that are not in a branch although they should be, and lines that are there more than once. */
const countLines = async (goals: Goals): Promise<{ readonly lost: number; readonly doubled: number }> => {
  let lost = 0;
  let doubled = 0;
  for (const [id, { workspace, steps }] of goals) {
    const found = await linesIn(workspace, id);
    const times = linesOf(steps).map((line) => found.filter((other) => other === line).length);
    lost += times.filter((n) => n === 0).length;
    doubled += times.filter((n) => n > 1).length;
  }
  return { lost, doubled };
};

/** Branches follow the log: a killed router's are made by another within 20 s. */
const untilCounted = async (goals: Goals, deadline: number): ReturnType<typeof countLines> => {
  for (;;) {
    const counted = await countLines(goals);
    if (counted.lost === 0 || performance.now() > deadline) return counted;
    await sleep(250);
  }
};

const runIn = async (scene: Scene, { output, seed: given, signal }: DemoOptions): Promise<number> => {
  const seed = seedFrom(given);
  const { fleet } = scene;
  output.write(`${GOALS} goals of ${STEPS} steps, ${BUILDERS} builders, one SIGKILL a second; seed ${seed}\n`);
  const workspace = join(scene.folder, 'repository');
  await makeRepository(workspace);
  fleet.start('router');
  fleet.start('state');
  fleet.start('planner');
  fleet.start('builder', { count: BUILDERS });
  await fleet.ready();

  const board = createBoard(output);
  const over = new AbortController();
  const havocEnds = AbortSignal.any([over.signal, signal, AbortSignal.timeout(HAVOC_MS)]);
  const goals = await submit(scene, workspace);
  const deadline = performance.now() + DEADLINE_MS;
  const havoc = wreakHavoc({
    fleet,
    random: createRandom(seed),
    everyMs: KILL_EVERY_MS,
    signal: havocEnds,
    onBlow: (victim) => board.blow(victim),
  });
  await watchGoals({ studio: scene.studio, goals, board, deadline, signal });
  over.abort();
  await havoc;
  if (signal.aborted) return 130;

  const [{ lost, doubled }, problems] = await Promise.all([untilCounted(goals, deadline), auditOrchestrations(scene)]);
  const open = await unfinished(scene.studio, [...goals.keys()]);
  for (const problem of [...open, ...problems]) output.write(`${problem}\n`);
  const logs = problems.length === 0 ? 'logs verified' : `${problems.length} problems in the logs`;
  output.write(`lost ${lost}, doubled ${doubled}, ${logs}\n`);
  return lost + doubled + open.length + problems.length === 0 ? 0 : 1;
};

/** Goals run to their end while the processes that run them are killed. @returns the exit code */
export const runDemo = async (options: DemoOptions): Promise<number> => {
  const scene = await setScene({ env });
  try {
    return await runIn(scene, options);
  } finally {
    await scene.end();
  }
};
