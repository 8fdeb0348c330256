import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRepository } from '../support/line-goals.ts';
import type { Scenario } from '../support/model-server/scenario.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

const KEY = 'local-dummy-key-0123456789';

const steps = [
  {
    id: 'step_1',
    name: 'Write the module',
    action: 'Write greet.mjs, which exports greet(name).',
    success_criteria: [
      {
        criterion: 'it greets',
        verification: {
          type: 'command',
          command: `node -e "import('./greet.mjs').then(({ greet }) => process.exit(greet('Ada') === 'Hello, Ada' ? 0 : 1))"`,
        },
      },
    ],
  },
];
const plan = {
  steps,
  acceptance_criteria: [
    {
      id: 'AC-1',
      criterion: 'it is written',
      verification: { type: 'file_contains', path: 'greet.mjs', pattern: 'export' },
      priority: 'must',
    },
  ],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
};
const wrong = "export const greet = (name) => 'Hello ' + name;\n";

/** Plans after a look, gets it wrong at first, and corrects it when it is told. */
const greets: Scenario = {
  turns: [
    {
      when: 'Try 1 failed',
      steps: [
        { calls: [{ read: 'greet.mjs' }] },
        { calls: [{ edit: { path: 'greet.mjs', find: 'Hello ', replace: 'Hello, ' } }] },
        { say: 'Corrected.' },
      ],
    },
    {
      when: '# Your step',
      steps: [{ calls: [{ write: { path: 'greet.mjs', content: wrong } }] }, { say: 'Written.' }],
    },
    { steps: [{ calls: [{ tool: 'list_files', input: {} }] }, { calls: [{ tool: 'submit_plan', input: { plan } }] }] },
  ],
  // A provider that stumbles now and then changes nothing.
  faults: [null, { kind: 'status', status: 529 }, null, { kind: 'drop' }],
};

let scene: Scene;
let server: ModelServer;

beforeAll(async () => {
  server = await startModelServer({ scenarios: { greets } });
  const env = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_MODEL: 'scripted', ANTHROPIC_BASE_URL: server.url('greets') };
  scene = await setScene({ env });
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
});
afterAll(async () => {
  await scene.end();
  await server.close();
});

test('a model that variables name plans a goal and carries it out, and Studio checks it', async () => {
  const workspace = join(scene.folder, 'repository');
  await makeRepository(workspace);
  const goal = 'Add a module that greets';
  const id = await submitUntilTaken(scene.studio, { goal, workspace, workflow: 'plan_then_build' });
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  const written = async () =>
    (await execa('git', ['show', `studio/${id}:greet.mjs`], { cwd: workspace, reject: false })).stdout;
  const right = "export const greet = (name) => 'Hello, ' + name;";
  // The branch follows the log.
  await waitUntil('the branch holds the module', async () => (await written()) === right);
  const events = await scene.studio.events(id);
  const told = JSON.stringify(events);
  expect(told).toContain('engine model (scripted)');
  // Role instructions and schemas of tools are counted like all that it was given.
  expect(told).toContain('instructions/plan.md');
  expect(told).toContain('tool submit_plan');
  expect(told + scene.fleet.members.map((member) => member.log()).join('')).not.toContain(KEY);
  expect(await auditOrchestrations(scene)).toEqual([]);
});
