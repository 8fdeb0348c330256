import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CompareDocument, type Plan } from '#contracts';
import { studioIn } from '../cli/studio.ts';
import { lineGoal, linesIn, makeRepository, planOfLines } from '../support/line-goals.ts';
import { auditOrchestrations, studioAt } from '../support/orchestration.ts';
import { type Scene, setScene, submitUntilTaken, unfinished, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';

let scene: Scene;
let workspace: string;
/** A run of four steps that has ended. */
let parent: string;

/** Two programs that each write down their name. */
const configureEngines = async (): Promise<void> => {
  const program = join(scene.folder, 'engine.sh');
  await writeFile(program, `cat > /dev/null; echo "$1" > engine.txt; echo '{"type":"done","summary":"signed"}'\n`);
  const file = join(scene.folder, 'host', '.studio', 'config.yaml');
  await mkdir(dirname(file), { recursive: true });
  const engine = (name: string) => `${name}: { command: "sh '${program}' ${name}" }`;
  await writeFile(file, `engines: { commands: { ${engine('one')}, ${engine('two')} } }\n`);
};

beforeAll(async () => {
  scene = await setScene({ env: { STUDIO_RECOVERY_CHECKPOINT_EVERY: '2' } });
  workspace = join(scene.folder, 'repository');
  await makeRepository(workspace);
  await configureEngines();
  scene.fleet.start('router');
  scene.fleet.start('state');
  scene.fleet.start('builder', { count: 2 });
  await scene.fleet.ready();
  const goal = lineGoal({ key: 'parent', workspace, steps: 4, stepMs: 1, workflow: 'build_only' });
  parent = await submitUntilTaken(scene.studio, goal);
  await linesOnceEnded(parent, 4);
});
afterAll(() => scene.end());

const run = (argv: readonly string[]) => studioIn({ REDIS_URL: scene.server.url, STUDIO_TAG: scene.tag }).run(argv);

const git = async (...args: readonly string[]): Promise<string> =>
  (await execa('git', args, { cwd: workspace })).stdout;

/** A plan that appends other lines to the same file. */
const otherPlan = (...lines: readonly string[]): Plan => ({ ...planOfLines('other', lines, 1), id: 'bp_other' });

/** The lines of the branch of a run, once it has ended and the branch is there. */
const linesOnceEnded = async (id: string, count: number): Promise<readonly string[]> => {
  await untilEnded(scene.studio, [id]);
  expect(await unfinished(scene.studio, [id])).toEqual([]);
  await waitUntil('the branch is there', async () => (await linesIn(workspace, id)).length === count);
  return linesIn(workspace, id);
};

/** As the command line compares, which looks at files. */
const compared = async (left: string, right: string): Promise<CompareDocument> => {
  const { code, stdout } = await run(['compare', left, right, '--json']);
  expect(code).toBe(0);
  return CompareDocument.parse(JSON.parse(stdout));
};

/** The version after a step was verified. */
const versionAfter = async (id: string, step: string): Promise<number> => {
  const found = (await scene.studio.events(id)).find(
    (event) => event.type === 'step.succeeded' && event.data.step === step,
  );
  if (!found) throw new Error(`${step} is not done`);
  return found.version;
};

test('from a version in the middle another plan goes on with the files of then, and the parent stays as it is', async () => {
  const before = { head: await scene.studio.head(parent), branch: await git('rev-parse', `studio/${parent}`) };
  const forked = await scene.studio.fork(parent, {
    at: { version: await versionAfter(parent, 'step_2') },
    changes: { plan: otherPlan('other_1', 'other_2'), labels: { try: 'other' } },
  });
  expect(forked).toMatchObject({ from: parent, checkpoint: null });
  expect(await linesOnceEnded(forked.id, 4)).toEqual(['step_1', 'step_2', 'other_1', 'other_2']);
  expect({ head: await scene.studio.head(parent), branch: await git('rev-parse', `studio/${parent}`) }).toEqual(before);
  expect(await linesIn(workspace, parent)).toEqual(['step_1', 'step_2', 'step_3', 'step_4']);
  expect(await scene.studio.state(forked.id)).toMatchObject({ id: forked.id, labels: { try: 'other' } });

  const { facts, files } = await compared(parent, forked.id);
  expect(facts).toMatchObject({ same: false, right: { version: forked.version + 1, type: 'orchestration.forked' } });
  expect(facts.left?.version).toBe(forked.version + 1);
  expect(files).toMatchObject({
    same: false,
    why_not: null,
    first: {
      left: { work: 'step_3' },
      right: { work: 'other_1' },
      changes: [{ path: 'lines.txt', status: 'modified', added: 1, removed: 1 }],
    },
    changes: [{ path: 'lines.txt', status: 'modified', added: 2, removed: 2 }],
  });
});

test('under another engine, what is not done yet is done by that one', async () => {
  const [line] = planOfLines('signed', ['step_1'], 1).steps;
  if (!line) throw new Error('there is a step');
  const isSigned = { type: 'command' as const, command: 'grep -q . engine.txt' };
  const signed = {
    id: 'step_2',
    name: 'Sign it',
    action: 'write the name of the engine to engine.txt',
    success_criteria: [{ criterion: 'it is signed', verification: isSigned }],
    depends_on: ['step_1'],
  };
  const plan = { ...planOfLines('signed', ['step_1'], 1), steps: [line, signed] };
  const goal = { goal: 'Sign it', workspace, workflow: 'build_only', engine: 'one', plan };
  const id = await submitUntilTaken(scene.studio, goal);
  await linesOnceEnded(id, 1);
  const at = { version: await versionAfter(id, 'step_1') };
  const forked = await scene.studio.fork(id, { at, changes: { engine: 'two' } });
  await linesOnceEnded(forked.id, 1);
  const signature = async (run: string) => {
    const { outcome } = await scene.studio.state(run);
    return git('show', `${outcome?.result.commit}:engine.txt`);
  };
  expect([await signature(id), await signature(forked.id)]).toEqual(['one', 'two']);
});

test('from the end of a run that is done, the rest is only checked again', async () => {
  const forked = await scene.studio.fork(parent);
  expect(await linesOnceEnded(forked.id, 4)).toEqual(['step_1', 'step_2', 'step_3', 'step_4']);
  expect((await compared(parent, forked.id)).files).toMatchObject({ same: true, first: null, changes: [] });
  expect(await git('rev-parse', `studio/${forked.id}`)).toBe(await git('rev-parse', `studio/${parent}`));
});

test('from a checkpoint it goes on as the parent did; and a fork can be forked', async () => {
  const { checkpoints } = await scene.studio.checkpoints(parent);
  const [first] = checkpoints;
  const forked = await scene.studio.fork(parent, { at: { checkpoint: first?.id ?? '' } });
  expect(forked).toMatchObject({ version: first?.version, checkpoint: first?.id, commit: first?.commit });

  expect(await linesOnceEnded(forked.id, 4)).toEqual(['step_1', 'step_2', 'step_3', 'step_4']);

  const again = await scene.studio.fork(forked.id, {
    at: { version: await versionAfter(forked.id, 'step_3') },
    changes: { plan: otherPlan('third_1') },
  });
  expect(await linesOnceEnded(again.id, 4)).toEqual(['step_1', 'step_2', 'step_3', 'third_1']);
  expect(await linesIn(workspace, forked.id)).toEqual(['step_1', 'step_2', 'step_3', 'step_4']);
});

test('what it may go back to is kept under its own name, however the parent is thrown away', async () => {
  const forked = await scene.studio.fork(parent, { at: { version: await versionAfter(parent, 'step_3') } });
  await linesOnceEnded(forked.id, 4);
  const { checkpoints } = await scene.studio.checkpoints(forked.id);
  const commits = checkpoints.flatMap(({ commit }) => commit ?? []);
  expect(commits).not.toEqual([]);
  await waitUntil('all of them are kept', async () => {
    const kept = await git('for-each-ref', '--format=%(objectname)', `refs/studio/${forked.id}/`);
    return commits.every((commit) => kept.includes(commit));
  });
});

test('a plan too large for its event is copied with it, and the newest run is the fork', async () => {
  const plan = planOfLines('large', ['step_1', 'step_2'], 1);
  const large = { ...plan, steps: plan.steps.map((each) => ({ ...each, action: 'x'.repeat(20_000) })) };
  const id = await submitUntilTaken(scene.studio, {
    goal: 'Write much',
    workspace,
    workflow: 'build_only',
    plan: large,
  });
  await linesOnceEnded(id, 2);
  const forked = await scene.studio.fork(id, { at: { version: await versionAfter(id, 'step_1') } });
  expect(await linesOnceEnded(forked.id, 2)).toEqual(['step_1', 'step_2']);
  await waitUntil('it is the newest', async () => {
    const [newest] = (await scene.studio.list({ limit: 1 })).orchestrations;
    return newest?.id === forked.id;
  });
  expect(await scene.studio.resolve(forked.id.slice(0, -1))).toBe(forked.id);
});

test('where there is no such version or checkpoint the error says what there is', async () => {
  await expect(scene.studio.fork(parent, { at: { version: 9_999 } })).rejects.toThrow(
    /has versions 1 to \d+, not 9999/,
  );
  await expect(scene.studio.fork(parent, { at: { checkpoint: 'cp_1' } })).rejects.toThrow(
    /has no checkpoint "cp_1"; it has cp_/,
  );
});

test('exported and imported elsewhere it is the same run, and every run of this file holds', async () => {
  const forked = await scene.studio.fork(parent, { changes: { plan: otherPlan('last') } });
  await linesOnceEnded(forked.id, 5);
  const lines: string[] = [];
  for await (const line of scene.studio.export(forked.id)) lines.push(line);
  const place = { redis: scene.redis, tag: `${scene.tag.slice(0, -1)}-import}` };
  const elsewhere = await studioAt(place);
  const source = async function* () {
    yield* lines;
  };
  for await (const answer of elsewhere.import(source))
    expect(answer).toMatchObject({ outcome: 'imported', live: false });
  expect(await elsewhere.head(forked.id)).toEqual(await scene.studio.head(forked.id));
  expect(await auditOrchestrations(place, { listed: false })).toEqual([]);
  await elsewhere.close();
  expect(await auditOrchestrations(scene)).toEqual([]);
});
