import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '#contracts';
import type { Recorded } from '#events';
import { makeExampleWorkspace } from '../../scripts/example-workspace.mjs';
import { leaseOf, setHands } from '../human/by-hand.ts';
import { untilBranch } from '../support/branch.ts';
import type { Scenario } from '../support/model-server/scenario.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, submitUntilTaken, untilEnded } from '../support/scene.ts';
import { ASKING, setEngines } from './three-engines.ts';

/** One goal through each engine on the shipped example. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GOAL = 'Replace "Bonjour" with "Salut"';
const GONE = { type: 'command', command: '! git grep -I -F Bonjour' } as const;
const COMMAND = "grep -rl --exclude-dir=.git --exclude-dir=node_modules Bonjour . | xargs sed -i 's/Bonjour/Salut/g'";

const plan = {
  acceptance_criteria: [{ id: 'AC-1', criterion: 'it is gone', priority: 'must', verification: GONE }],
  steps: [
    {
      id: 'step_1',
      name: 'Replace Bonjour with Salut',
      action: 'Edit each file that has the word.',
      success_criteria: [{ criterion: 'it is gone', verification: GONE }],
      depends_on: [],
    },
  ],
} satisfies Partial<Plan>;

const replaces: Scenario = {
  turns: [
    {
      when: '# Your step',
      steps: [{ calls: [{ shell: COMMAND }] }, { say: 'The French say Salut.' }],
    },
    { when: 'You plan how', steps: [{ say: `\`\`\`json\n${JSON.stringify({ type: 'plan', plan })}\n\`\`\`` }] },
    { steps: [{ calls: [{ tool: 'submit_plan', input: { plan, cautions: [] } }] }] },
  ],
};

let server: ModelServer;
let scene: Scene;
let repository: string;

beforeAll(async () => {
  server = await startModelServer({ scenarios: Object.fromEntries(ASKING.map((engine) => [engine, replaces])) });
  // What the example needs to be checked is in the dependencies of this project.
  const tools = join(ROOT, 'node_modules');
  const setup = `ln -s '${tools}' node_modules`;
  const gates = { lint: false, test: false, security: false };
  scene = await setEngines({ url: server.url, config: { workspace: { setup }, gates }, read: [tools] });
  await cp(join(ROOT, 'examples'), join(scene.folder, 'examples'), { recursive: true });
  repository = makeExampleWorkspace(scene.folder);
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
});
afterAll(async () => {
  await scene?.end();
  await server?.close();
});

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd: repository })).stdout;
const treeOf = async (id: string): Promise<string> => {
  await untilBranch(repository, id);
  return git('rev-parse', `studio/${id}^{tree}`);
};

/** What the script says, done by a person at a terminal. */
const doByHand = async (id: string): Promise<void> => {
  const { told, take } = setHands(scene, repository);
  const planning = await take(id);
  const file = join(scene.folder, 'plan.json');
  await writeFile(file, JSON.stringify(plan));
  await told('hand-in', id, '--lease', leaseOf(planning), '--file', file);
  const work = await take(id);
  await execa('sh', ['-c', COMMAND], { cwd: work.directory ?? '' });
  await told('hand-in', id, '--lease', leaseOf(work), '--summary', 'The French say Salut.');
};

/** Who does it, what it tells while it works, what it is given to read and what it costs is an engine's own. */
const OWN = new Set<string>(['engine.chosen', 'agent.progressed', 'usage.recorded', 'session.kept', 'context.given']);

const LIMITS: readonly string[] = ['work.handed_out', 'agent.started'];

/** From the start of a step that is handed out until a worker has it back, it is with a person. */
const isWithPerson = (events: readonly Recorded[], index: number): boolean => {
  const isOut = events.slice(0, index).findLast(({ type }) => LIMITS.includes(type))?.type === 'work.handed_out';
  const next = events.slice(index).find(({ type }) => LIMITS.includes(type) || type === 'step.succeeded');
  const begins = ['step.started', 'work.handed_out'].includes(events[index]?.type ?? '');
  return isOut || (begins && next?.type === 'work.handed_out');
};

const shapeOf = (events: readonly Recorded[]): readonly string[] =>
  events.flatMap(({ type }, index) => (OWN.has(type) || isWithPerson(events, index) ? [] : [type]));

test('an engine does a goal as any other engine does: the same facts, and the same files in the end', async () => {
  const engines = ['recipes', ...ASKING, 'human'];
  const ids = await Promise.all(
    engines.map((engine) =>
      submitUntilTaken(scene.studio, { goal: GOAL, workspace: repository, workflow: 'plan_then_build', engine }),
    ),
  );
  const byHand = ids.at(-1) ?? '';
  await untilEnded(scene.studio, ids.slice(0, -1));
  await doByHand(byHand);
  await untilEnded(scene.studio, [byHand]);
  const [first = '', ...others] = ids;
  const shape = shapeOf(await scene.studio.events(first));
  const tree = await treeOf(first);
  expect(shape.at(-1)).toBe('orchestration.completed');
  expect(await git('show', `${tree}:src/greetings.ts`)).toContain("fr: 'Salut'");
  for (const [index, id] of others.entries()) {
    expect(shapeOf(await scene.studio.events(id)), engines[index + 1]).toEqual(shape);
    expect(await treeOf(id), engines[index + 1]).toBe(tree);
  }
  expect(await auditOrchestrations(scene)).toEqual([]);
});
