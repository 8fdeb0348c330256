import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HandoffsDocument, type Plan } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { fileOnBranch } from '../support/branch.ts';
import { makeRepository } from '../support/line-goals.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

const ENGINE = fileURLToPath(new URL('terse-engine.mjs', import.meta.url));

/** A plan for a task that it does not name, with a step that only an engine can do. */
const nameless: Plan = {
  id: 'bp_nameless',
  task_id: ' ',
  goal: 'Add a reason',
  acceptance_criteria: [],
  steps: [
    {
      id: 'step_1',
      name: 'Write down the reason',
      action: 'write it down',
      success_criteria: [
        { criterion: 'it is there', verification: { type: 'file_contains', path: 'reason.txt', pattern: '.' } },
      ],
      depends_on: [],
    },
  ],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
};

let scene: Scene;
let workspace: string;
let id: string;

beforeAll(async () => {
  scene = await setScene();
  const file = join(scene.folder, 'host', '.studio', 'config.yaml');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    `engines: { default: terse, commands: { terse: { command: "'${process.execPath}' '${ENGINE}'" } } }\n`,
  );
  workspace = join(scene.folder, 'repository');
  await makeRepository(workspace);
  for (const service of ['router', 'state', 'planner', 'builder'] as const) scene.fleet.start(service);
  await scene.fleet.ready();
  id = await submitUntilTaken(scene.studio, {
    goal: 'Add a reason',
    workspace,
    workflow: 'plan_then_build',
    plan: nameless,
  });
});
afterAll(() => scene.end());

const run = (...argv: readonly string[]) => studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag }).run(argv);

/** What `studio handoff show` says once the next handoff is held back. */
const heldBack = async (missing: string): Promise<HandoffsDocument> => {
  let shown: HandoffsDocument | null = null;
  await waitUntil(`the handoff lacks ${missing}`, async () => {
    shown = HandoffsDocument.parse(JSON.parse((await run('handoff', 'show', id, '--json')).stdout));
    return shown.incomplete?.missing.includes(missing) === true;
  });
  if (!shown) throw new Error('nothing was shown');
  return shown;
};

test('a plan that lacks what the builder needs is held back, shown, and completed on resume', async () => {
  const { handoffs, incomplete } = await heldBack('task_id');
  expect(handoffs).toEqual([]);
  expect(incomplete).toMatchObject({ from: 'planner', to: 'builder', missing: ['task_id'] });
  expect((await run('handoff', 'show', id)).stdout).toContain(`resume ${id} --context '{"task_id":"…"}'`);
  expect(await scene.studio.why(id)).toMatchObject({ wait: { owner: 'a person' } });

  const refused = await run('handoff', 'complete', id, '--context', '{"plan_summary": "short"}');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('lacks task_id') });
  const wrong = await run('resume', id, '--context', 'T-1');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--context takes a JSON object') });

  expect(await run('resume', id, '--context', '{"task_id": "T-1"}')).toMatchObject({ code: 0 });
});

test('a failure that says nothing is held back from the planner, and a person says it', async () => {
  const { handoffs, incomplete } = await heldBack('error_details');
  expect(handoffs).toMatchObject([{ from: 'planner', to: 'builder', context: { task_id: 'T-1' } }]);
  expect(incomplete).toMatchObject({ from: 'builder', to: 'planner', context: { completed_steps: [] } });
  const context = JSON.stringify({ error_details: 'the API is gone' });
  expect(await run('handoff', 'complete', id, '--context', context, '--to', 'builder')).toMatchObject({ code: 2 });
  expect(await run('handoff', 'complete', id, '--context', context)).toMatchObject({ code: 0 });
  expect(await run('retry', id)).toMatchObject({ code: 0 });

  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  expect(await fileOnBranch(workspace, id, 'reason.txt')).toBe('the API is gone');
  const shown = HandoffsDocument.parse(JSON.parse((await run('handoff', 'show', id, '--json')).stdout));
  expect(shown.handoffs.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'planner → builder',
    'builder → planner',
    'planner → builder',
  ]);
  expect(shown.incomplete).toBeNull();
});

test('two plans of the run are compared by what they say and by their files, and so are two runs', async () => {
  const plans = await run('compare', id, '--plans', '1', '2', '--json');
  expect(JSON.parse(plans.stdout)).toMatchObject({
    left: { id, plan: 1 },
    right: { id, plan: 2, outcome: 'completed' },
    facts: { same: false, shared: 0, difference: { field: expect.stringContaining('plan.') } },
  });
  const none = await run('compare', id, '--plans', '1', '3');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no plan 3') });
  const alone = await run('compare', id);
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--plans 1 2') });

  expect(await auditOrchestrations(scene)).toEqual([]);
});
