import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AssignmentDocument, type InboxDocument, type StateDocument, type WhyDocument } from '#contracts';
import { locateStudioDir } from '#runtime';
import { fileOnBranch } from '../support/branch.ts';
import { auditOrchestrations } from '../support/orchestration.ts';
import { submitUntilTaken, untilAsked, untilEnded } from '../support/scene.ts';
import { waitUntil } from '../support/wait-until.ts';
import { greetingGoal, greetingPlan, type HandScene, leaseOf, setHandScene, untilOut, writeIn } from './by-hand.ts';
import { openGateway } from './open-gateway.ts';

let scene: HandScene;
beforeAll(async () => {
  scene = await setHandScene();
});
afterAll(async () => scene?.end());

const fileAt = (id: string, path: string): Promise<string> => fileOnBranch(scene.repository, id, path);

test('a goal is planned and built by hand, and a red check hands the work out again, with what is there', async () => {
  const { person, told, take } = scene;
  const built = await person(['build', 'Add a greeting', '--engine', 'human']);
  expect(built).toMatchObject({ code: 3, stdout: expect.stringMatching(/studio take orch_/) });
  const id = /studio take (orch_\w+)/.exec(built.stdout)?.[1] ?? '';
  expect(await told<WhyDocument>('why', id)).toMatchObject({
    wait: {
      kind: 'work',
      owner: 'a person',
      until: null,
      detail: expect.stringMatching(/^work_1: the plan, for the planner; /),
    },
  });

  const planning = await take(id);
  expect(planning.request).toMatchObject({ kind: 'plan', goal: 'Add a greeting', round: { number: 1 } });
  const file = join(scene.folder, 'plan.json');
  const [step] = greetingPlan.steps;
  await writeFile(file, JSON.stringify({ ...greetingPlan, steps: [{ ...step, depends_on: ['step_9'] }] }));
  const handIn = ['hand-in', id, '--lease', leaseOf(planning)];
  expect(await person([...handIn, '--file', file])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('step step_1 depends on step_9, which is not a step of this plan'),
  });
  expect(await person([...handIn])).toMatchObject({ code: 2, stderr: expect.stringContaining('work_1 is to plan') });
  await writeFile(file, JSON.stringify(greetingPlan));
  expect(await person([...handIn, '--file', file])).toMatchObject({ code: 0 });

  const first = await take(id);
  expect(first.request).toMatchObject({ kind: 'step', step: { id: 'step_1' }, try: 1, directory: first.directory });
  const git = await execa('git', ['status', '--porcelain'], { cwd: first.directory ?? '' });
  expect(git.stdout).toBe('');
  // A command given in there belongs to this run, and makes no installation of its own.
  expect(locateStudioDir(first.directory ?? '', {})).not.toContain(first.directory);
  await writeIn(first, 'greeting.txt', 'good day\n');
  await writeIn(first, 'notes.txt', 'kept\n');
  expect((await person(['hand-in'], { cwd: first.directory ?? '' })).code).toBe(0);

  const second = await take(id);
  expect(second.request).toMatchObject({
    kind: 'step',
    try: 2,
    previous: { error: expect.stringContaining('it greets') },
  });
  expect(await readFile(join(second.directory ?? '', 'notes.txt'), 'utf8')).toBe('kept\n');
  await writeIn(second, 'greeting.txt', 'hello\n');
  await told('hand-in', id, '--lease', leaseOf(second), '--summary', 'greets', '--learned', 'greetings are short');
  await untilEnded(scene.studio, [id]);
  const state = await told<StateDocument>('state', id);
  expect(state.outcome).toMatchObject({ kind: 'completed', result: { retries: 1 } });
  expect(state.plan?.source).toMatch(/^person:/);
  expect([await fileAt(id, 'greeting.txt'), await fileAt(id, 'notes.txt')]).toEqual(['hello', 'kept']);
  expect(existsSync(second.directory ?? '')).toBe(false);
  expect(await auditOrchestrations(scene)).toEqual([]);
});

test('of two who take at once one wins, and the other is told who holds it and until when', async () => {
  const { person, told } = scene;
  const id = await submitUntilTaken(scene.studio, greetingGoal(scene.repository));
  await untilOut(scene, id);
  const tries = await Promise.all([person(['take', id, '--json']), person(['take', id, '--json'])]);
  expect(tries.map(({ code }) => code).toSorted()).toEqual([0, 2]);
  expect(tries.find(({ code }) => code === 2)?.stdout).toMatch(
    /work_1 of \S+ is taken: person:\S+ holds it under lease \d+ until /,
  );
  const inbox = await told<InboxDocument>('inbox');
  expect(inbox.work).toMatchObject([
    { orchestration: id, assignment: { held: { by: expect.stringMatching(/^person:/) } } },
  ]);
  const { wait } = await told<WhyDocument>('why', id);
  expect(wait).toMatchObject({ kind: 'work', owner: expect.stringMatching(/^person:/), until: expect.any(String) });
  await told('abort', id);
  expect((await scene.studio.state(id)).assignments).toMatchObject([{ outcome: 'withdrawn' }]);
});

test('who gave it back, or was too late, is refused; the files are kept, and go in under the next lease', async () => {
  const { person, told, take } = scene;
  const id = await submitUntilTaken(scene.studio, greetingGoal(scene.repository));
  const first = await take(id);
  await writeIn(first, 'greeting.txt', 'hello from the first\n');
  await told('give-back', id, '--lease', leaseOf(first));
  const second = await take(id);
  expect(existsSync(join(second.directory ?? '', 'greeting.txt'))).toBe(false);
  const stale = await person(['hand-in', id, '--lease', leaseOf(first)]);
  expect(stale).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`The files are kept in ${first.directory}: take the work again`),
  });
  await told('hand-in', id, '--lease', leaseOf(second), '--directory', first.directory ?? '');
  await untilEnded(scene.studio, [id]);
  expect(await fileAt(id, 'greeting.txt')).toBe('hello from the first');
});

test('a worker that is killed while it checks what was handed in leaves it to the next one: nobody is asked twice', async () => {
  const { told, take, fleet, studio } = scene;
  const id = await submitUntilTaken(
    studio,
    greetingGoal(scene.repository, { checks: ['sleep 3 && grep -q hello greeting.txt'] }),
  );
  const work = await take(id);
  await writeIn(work, 'greeting.txt', 'hello\n');
  fleet.start('builder');
  await fleet.ready();
  await told('hand-in', id, '--lease', leaseOf(work));
  const builders = new Set(fleet.of('builder').map((builder) => builder.pid()));
  let holder = 0;
  await waitUntil('a builder has it', async () => {
    const started = (await studio.events(id)).findLast(
      ({ type }) => type === 'agent.started' || type === 'work.closed',
    );
    holder = started?.type === 'agent.started' ? started.data.worker.pid : 0;
    return builders.has(holder);
  });
  await fleet
    .of('builder')
    .find((builder) => builder.pid() === holder)
    ?.kill();
  await untilEnded(studio, [id]);
  const state = await studio.state(id);
  expect(state).toMatchObject({ outcome: { kind: 'completed' }, assignments: [{ id: 'work_1', outcome: 'done' }] });
  expect(await fileAt(id, 'greeting.txt')).toBe('hello');
  for (const builder of fleet.of('builder')) if (builder.hasEnded()) builder.respawn();
  await fleet.ready();
});

test('what is red after the steps is corrected by hand, once for each time it is red', async () => {
  const { told, take, studio } = scene;
  const id = await submitUntilTaken(studio, greetingGoal(scene.repository, { checks: ['grep -q world greeting.txt'] }));
  const step = await take(id);
  await writeIn(step, 'greeting.txt', 'hello\n');
  await told('hand-in', id, '--lease', leaseOf(step));
  const fix = await take(id);
  expect(fix).toMatchObject({
    assignment: { kind: 'fix', about: 'acceptance' },
    request: { command: 'grep -q world greeting.txt' },
  });
  expect(await readFile(join(fix.directory ?? '', 'greeting.txt'), 'utf8')).toBe('hello\n');
  await writeIn(fix, 'greeting.txt', 'hello, all\n');
  await told('hand-in', id, '--lease', leaseOf(fix));
  const again = await take(id);
  await writeIn(again, 'greeting.txt', 'hello, world\n');
  await told('hand-in', id, '--lease', leaseOf(again));
  await untilEnded(studio, [id]);
  const state = await studio.state(id);
  expect(state).toMatchObject({ outcome: { kind: 'completed' } });
  expect(state.failures).toHaveLength(2);
  expect(await auditOrchestrations(scene)).toEqual([]);
});

test('work that nobody hands in by its deadline goes to the next engine, and to a person where there is none', async () => {
  const { person, told, take, studio, workSeconds } = scene;
  // Whoever takes it has to come before.
  await workSeconds(10);
  const [helped, alone] = await Promise.all([
    submitUntilTaken(studio, greetingGoal(scene.repository, { engine: 'human,helper' })),
    submitUntilTaken(studio, greetingGoal(scene.repository, { goal: 'Greet alone' })),
  ]);
  const late = await take(helped);
  const deadline = late.assignment.deadline ?? '';
  // Whoever has it has it no longer than anybody waits for it.
  expect(late.assignment.held?.until).toBe(deadline);
  await writeIn(late, 'greeting.txt', 'hello, nearly\n');
  await untilEnded(studio, [helped]);
  expect(await person(['hand-in', helped, '--lease', leaseOf(late)])).toMatchObject({ code: 2 });
  expect(await fileAt(helped, 'greeting.txt')).toBe('hello from the helper');
  const ended = await studio.state(helped);
  expect(ended).toMatchObject({
    outcome: { kind: 'completed', result: { retries: 0 } },
    assignments: [{ id: 'work_1', outcome: 'expired', by: 'service:router' }],
  });
  const moved = (await studio.events(helped)).flatMap((event) =>
    event.type === 'engine.failed_over' ? [event.data] : [],
  );
  expect(moved).toMatchObject([
    { from: 'human', to: 'helper', reason: expect.stringMatching(/^nobody did it by hand in time: .*by 20/) },
  ]);

  const { interactions } = await untilAsked(studio, alone);
  expect(interactions).toMatchObject([
    { kind: 'escalation', prompt: expect.stringContaining('the work was handed out, and nobody did it by') },
  ]);
  expect(await told<WhyDocument>('why', alone)).toMatchObject({ wait: { kind: 'question', owner: 'a person' } });
  await workSeconds(0);
  await told('retry', alone);
  const again = await take(alone);
  expect(again.assignment).toMatchObject({ id: 'work_2', deadline: null });
  await writeIn(again, 'greeting.txt', 'hello at last\n');
  await told('hand-in', alone, '--lease', leaseOf(again));
  await untilEnded(studio, [alone]);
  expect(await fileAt(alone, 'greeting.txt')).toBe('hello at last');
  expect(await auditOrchestrations(scene)).toEqual([]);
});

test('over HTTP work is looked at, taken, renewed and handed in as at a terminal, once however often it is told', async () => {
  const { post, get, stop } = await openGateway(scene);
  const id = await submitUntilTaken(scene.studio, greetingGoal(scene.repository));
  await untilOut(scene, id);
  const path = `/v1/orchestrations/${id}`;
  expect(await get(`${path}/work`)).toMatchObject({ assignment: { id: 'work_1', held: null }, directory: null });
  const taken = AssignmentDocument.parse((await post(`${path}/work/take`)).body);
  expect(taken.assignment.held?.by).toBe('person:http');
  expect(await post(`${path}/work/take`)).toMatchObject({ status: 422, body: { code: 'rule.work.held' } });
  const lease = Number(leaseOf(taken));
  expect((await post(`${path}/renew_work`, { lease })).status).toBe(200);
  await writeIn(taken, 'greeting.txt', 'hello over HTTP\n');
  const answer = { type: 'done', summary: 'it greets' };
  const handIn = (under: number, given: unknown) => post(`${path}/work/hand-in`, { lease: under, answer: given });
  expect(await handIn(lease + 1, answer)).toMatchObject({ status: 422, body: { code: 'rule.work.lease_unknown' } });
  expect(await handIn(lease, { type: 'plan', plan: {} })).toMatchObject({ status: 422 });
  for (const told of [await handIn(lease, answer), await handIn(lease, answer)])
    expect(told).toMatchObject({ status: 200, body: { assignments: [{ outcome: 'done', by: 'person:http' }] } });
  await untilEnded(scene.studio, [id]);
  expect(await fileAt(id, 'greeting.txt')).toBe('hello over HTTP');
  await stop();
});
