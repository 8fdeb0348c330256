import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Goal } from '#contracts';
import type { Recorded } from '#events';
import { auditLines, linesOf, makeRepository, planOfLines } from '../support/line-goals.ts';
import { killAll, marksOf, pidsOf } from '../support/marked-processes.ts';
import { type ModelServerProcess, startModelServerProcess } from '../support/model-server/process.ts';
import type { Scenario } from '../support/model-server/scenario.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, submitUntilTaken, untilEnded } from '../support/scene.ts';
import { settled } from '../support/settled.ts';
import { waitUntil } from '../support/wait-until.ts';
import { ASKING, type Asking, setEngines } from './three-engines.ts';

/** Whatever is killed while an engine is in the middle of a step: the goal goes on, and nothing counts twice. */

const STEPS = 3;

/** Each step writes its line, where it is not there yet, then says so: two calls of the model. */
const writesLines: Scenario = {
  turns: linesOf(STEPS).map((line) => ({
    // One prompt has the step as text, another one as a document.
    when: `# Your step\\s+(\`\`\`json\\s+\\{[^}]*"name":")?Append ${line}\\b`,
    steps: [
      { calls: [{ shell: `grep -qsx ${line} lines.txt || echo ${line} >> lines.txt` }] },
      { say: `${line} is there.` },
    ],
  })),
};
const INPUT_TOKENS = 1_200;

let server: ModelServerProcess;
let scene: Scene;

beforeAll(async () => {
  server = await startModelServerProcess(Object.fromEntries(ASKING.map((engine) => [engine, writesLines])));
  // However long a server takes to come back: no try in vain is the last one.
  const env = { STUDIO_RECOVERY_STEP_TRIES: '20', STUDIO_RECOVERY_REPEATS: '0' };
  scene = await setEngines({ url: server.url, env });
  for (const service of ['router', 'state'] as const) scene.fleet.start(service);
  scene.fleet.start('builder', { concurrency: ASKING.length });
  await scene.fleet.ready();
});
afterAll(async () => {
  await scene?.end();
  await server?.stop();
});

interface Run {
  readonly engine: Asking;
  readonly id: string;
  readonly repository: string;
}

const goalFor = (engine: Asking, key: string, workspace: string): Goal => {
  const plan = planOfLines(key, linesOf(STEPS), 0);
  const steps = plan.steps.map(({ operations: _, ...step }) => step);
  return { goal: plan.goal, workspace, workflow: 'build_only', plan: { ...plan, steps }, key, engine };
};

/** What was recorded of the cost of a run. */
const inputTokens = (events: readonly Recorded[]): number =>
  events.reduce((sum, event) => sum + (event.type === 'usage.recorded' ? event.data.inputTokens : 0), 0);

/** An agent tells at the end of a turn what it cost: of a turn that was killed, nobody knows. */
const isToldByTurn = ({ engine }: Run): boolean => engine === 'agent';

const asked = ({ engine }: Run, since: number): number =>
  server
    .requests()
    .slice(since)
    .filter(({ scenario }) => scenario === engine).length;

/** Every engine has written the second line and waits for its model, and what it cost so far is recorded. */
const untilInTheMiddle = async (runs: readonly Run[], since: number): Promise<void> => {
  await waitUntil('all wait for the model', () => runs.every((run) => asked(run, since) === 4));
  await waitUntil('the cost is recorded', async () => {
    const told = await Promise.all(runs.map(async ({ id }) => inputTokens(await scene.studio.events(id))));
    return runs.every((run, index) => told[index] === INPUT_TOKENS * (isToldByTurn(run) ? 2 : 3));
  });
};

const start = async (engine: Asking, round: string): Promise<Run> => {
  const repository = join(scene.folder, `${round}-${engine}`);
  await makeRepository(repository);
  const id = await submitUntilTaken(scene.studio, goalFor(engine, `${round}-${engine}`, repository));
  return { engine, id, repository };
};

interface Held {
  readonly runs: readonly Run[];
  /** How many requests there were before. */
  readonly since: number;
}

/** Starts a goal for each of the engines and holds all of them in the middle. */
const holdInTheMiddle = async (round: string, engines: readonly Asking[] = ASKING): Promise<Held> => {
  const since = server.requests().length;
  for (const engine of engines) await server.inject(engine, null, null, null, { kind: 'silence' });
  const runs = await Promise.all(engines.map((engine) => start(engine, round)));
  await untilInTheMiddle(runs, since);
  return { runs, since };
};

const auditRun = async (run: Run, since: number): Promise<void> => {
  const events = await scene.studio.events(run.id);
  const done = events.flatMap((event) => (event.type === 'step.succeeded' ? [event.data.step] : []));
  expect(done, run.engine).toEqual(linesOf(STEPS));
  expect(await settled(() => auditLines(run.repository, run.id, STEPS))).toEqual([]);
  // The one that was held was never answered; of the turn that it belonged to, an agent says nothing.
  const known = isToldByTurn(run) ? 2 * STEPS : asked(run, since) - 1;
  expect(inputTokens(events), run.engine).toBe(known * INPUT_TOKENS);
  const leases = events.flatMap(({ type, version }) => (type === 'agent.started' ? [version] : []));
  await waitUntil(`nothing of ${run.engine} is left`, async () => {
    const marked = await Promise.all(leases.map((lease) => marksOf(run.id, lease)));
    return marked.flat().length === 0 && (await pidsOf(server.url(run.engine))).length === 0;
  });
};

const goesOn = async ({ runs, since }: Held): Promise<void> => {
  const ids = runs.map(({ id }) => id);
  await untilEnded(scene.studio, ids);
  for (const run of runs) {
    expect((await scene.studio.state(run.id)).outcome, run.engine).toMatchObject({ kind: 'completed' });
    await auditRun(run, since);
  }
};
afterEach(async () => expect(await auditOrchestrations(scene)).toEqual([]));

test('the program of an engine is killed', async () => {
  const engines = ['program', 'agent'] as const; // a model has none
  const held = await holdInTheMiddle('program', engines);
  const pids = await Promise.all(engines.map((engine) => pidsOf(server.url(engine))));
  expect(pids.every((found) => found.length > 0)).toBe(true);
  killAll(pids.flat());
  await goesOn(held);
});

test('the builder is killed', async () => {
  const held = await holdInTheMiddle('builder');
  const [builder] = scene.fleet.of('builder');
  await builder?.kill();
  builder?.respawn();
  await goesOn(held);
});

test('the model server is killed', async () => {
  const held = await holdInTheMiddle('server');
  await server.kill();
  await server.respawn();
  await goesOn(held);
});
