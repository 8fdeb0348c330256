import { expect, test } from 'vitest';
import type { SubmitAnswer } from '#contracts';
import { createMemoryEventLog, SystemFull } from '#events';
import { planOf } from '../../test/support/facts.ts';
import { createMemoryClaims } from './claims.ts';
import { createIntake, type IntakeOptions, type Origin } from './intake.ts';
import { createProcesses } from './orchestrations.testing.ts';

const origin: Origin = { trigger: 'http', actor: 'person:alice', source: 'http' };

const createDoor = (change: Partial<IntakeOptions> = {}) => {
  const { log, process, policies, clock } = createProcesses(createMemoryEventLog());
  const orchestrations = process();
  const claims = createMemoryClaims();
  const options = { orchestrations, log, claims, policies, now: clock.now, guard: async () => undefined, ...change };
  return { log, clock, orchestrations, claims, intake: createIntake(options) };
};

/** The id of a goal that was stored by this very call. */
const created = async (submitting: Promise<SubmitAnswer>): Promise<string> => {
  const answer = await submitting;
  if (answer.outcome !== 'created') throw new Error(`not created: ${JSON.stringify(answer)}`);
  return answer.id;
};

test('a goal is stored with what it leaves open filled in', async () => {
  const { intake, log } = createDoor();
  const [event] = await log.read(await created(intake({ goal: '  Add a health endpoint ' }, origin)));
  expect(event).toMatchObject({
    type: 'goal.submitted',
    data: {
      goal: 'Add a health endpoint',
      mode: 'implicit',
      confirm: true,
      trigger: 'http',
      workspace: null,
      plan: null,
      planSource: null,
      priority: 3,
    },
  });
});

test('the same key with the same payload is a duplicate, whatever the order of its keys', async () => {
  const { intake, log } = createDoor();
  const id = await created(intake({ goal: 'Add it', key: 'k1', labels: { a: '1', b: '2' }, priority: 2 }, origin));
  const again = await intake({ priority: 2, labels: { b: '2', a: '1' }, key: 'k1', goal: 'Add it' }, origin);
  expect(again).toEqual({ outcome: 'duplicate', id });
  expect(await log.count('all')).toBe(1);
});

test('the same key with another payload is a conflict that names who has it', async () => {
  const { intake, log } = createDoor();
  const id = await created(intake({ goal: 'Add it', key: 'k1' }, origin));
  const answer = await intake({ goal: 'Remove it', key: 'k1' }, origin);
  expect(answer).toEqual({
    outcome: 'conflict',
    id,
    problems: [`key "k1" belongs to ${id}, which was given another goal; use a new key`],
  });
  expect(await log.count('all')).toBe(1);
});

test('an engine that no worker has is refused with those that there are, and the key stays free', async () => {
  const known = ['coder', 'human', 'recipes'];
  const asked: string[][] = [];
  const unknownEngines: IntakeOptions['unknownEngines'] = async (named) => {
    asked.push([...named]);
    const unknown = named.filter((name) => !known.includes(name));
    return unknown.length > 0 ? { unknown, known } : null;
  };
  const { intake, log } = createDoor({ unknownEngines });
  const plan = { ...planOf(1), engine: 'builder=claude' };
  expect(await intake({ goal: 'Add it', key: 'k1', engine: 'planner=codr,coder,auto,model', plan }, origin)).toEqual({
    outcome: 'rejected',
    problems: [
      'engine: no worker has codr (there are coder, human, recipes); did you mean coder? Otherwise name one of those, or configure it under engines in .studio/config.yaml where workers start',
      'engine: no worker has model (there are coder, human, recipes); where workers start, set ANTHROPIC_MODEL and ANTHROPIC_API_KEY, or OPENAI_MODEL and OPENAI_API_KEY',
      'engine: no worker has claude (there are coder, human, recipes); where workers start, have it on the PATH and allow it: studio engines --allow claude',
    ],
  });
  expect(asked).toEqual([['codr', 'coder', 'model', 'claude']]);
  expect(await log.count('all')).toBe(0);
  await created(intake({ goal: 'Add it', key: 'k1', engine: 'coder' }, origin));
  known.shift();
  expect(await intake({ goal: 'Add it', key: 'k1', engine: 'coder' }, origin)).toMatchObject({ outcome: 'duplicate' });
});

test('without a key the same goal is another run', async () => {
  const { intake, log } = createDoor();
  await intake({ goal: 'Add it' }, origin);
  await intake({ goal: 'Add it' }, origin);
  expect(await log.count('all')).toBe(2);
});

test('a claim without a stream is finished under the claimed id', async () => {
  const log = createMemoryEventLog();
  const claims = createMemoryClaims();
  const { process, policies, clock } = createProcesses(log);
  let down = true;
  const append: typeof log.append = (request) => {
    if (down) throw new Error('killed between claim and append');
    return log.append(request);
  };
  const orchestrations = process({ log: { ...log, append } });
  const guard = async () => undefined;
  const intake = createIntake({ orchestrations, log, claims, policies, now: clock.now, guard });
  await expect(intake({ goal: 'Add it', key: 'k1' }, origin)).rejects.toThrow('killed');
  const { id } = await claims.claim('k1', { id: 'another', payload: '' });
  down = false;
  clock.forward(5_000);
  expect(await intake({ goal: 'Add it', key: 'k1' }, origin)).toEqual({ outcome: 'created', id });
});

test('a job that is delivered twice is one goal, another job another', async () => {
  const { intake, log } = createDoor();
  const job = (source: string): Origin => ({
    ...origin,
    once: { source, at: new Date('2026-02-02T14:30:52.000Z') },
  });
  const id = await created(intake({ goal: 'Add it' }, job('queue goals job 17')));
  const again = await intake({ goal: 'Add it' }, job('queue goals job 17'));
  await intake({ goal: 'Add it' }, job('queue goals job 18'));
  expect(again).toEqual({ outcome: 'duplicate', id });
  expect(await log.count('all')).toBe(2);
});

test('two ways to write a git URL are one workspace and one goal', async () => {
  const { intake, log } = createDoor();
  const goal = { goal: 'Add it', key: 'once' };
  const id = await created(intake({ ...goal, workspace: 'HTTPS://Git.Example/owner/name/#v1' }, origin));
  expect(await intake({ ...goal, workspace: 'https://git.example/owner/name#v1' }, origin)).toEqual({
    outcome: 'duplicate',
    id,
  });
  const [first] = await log.read(id);
  expect(first?.data).toMatchObject({ workspace: 'https://git.example/owner/name#v1' });
});

test.each([
  ['https://ada:hunter2@git.example/name', /credential helper/],
  ['https://hunter2@git.example/name', /credential helper/],
  ['https:/hunter2@git.example/name', /is not an absolute path/],
])('a login in a git URL is neither stored nor repeated: %s', async (workspace, why) => {
  const { intake, log } = createDoor();
  const answer = await intake({ goal: 'Add it', workspace }, origin);
  expect(answer).toMatchObject({ outcome: 'rejected', problems: [expect.stringMatching(why)] });
  expect(JSON.stringify([answer, await log.rejections()])).not.toContain('hunter2');
});

test('a refusal lists every problem and leaves a trace without the content', async () => {
  const { intake, log, clock } = createDoor();
  const input = { goal: ' ', workspace: 7, secret: 'hunter2', priority: 9 };
  const answer = await intake(input, { ...origin, source: 'queue goals job 17' });
  expect(answer).toMatchObject({ outcome: 'rejected' });
  const problems = answer.outcome === 'rejected' ? answer.problems : [];
  expect(problems).toHaveLength(4);
  const [rejection] = await log.rejections();
  expect(rejection).toMatchObject({ source: 'queue goals job 17', time: clock.now().toISOString(), problems });
  expect(rejection?.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(rejection)).not.toContain('hunter2');
  expect(await log.count('all')).toBe(0);
});

test.each([
  ['a path that is not absolute', { goal: 'Add it', workspace: 'src' }, /^workspace: "src" is not an absolute path/],
  [
    'changes that are not committed, of a git URL',
    { goal: 'Add it', workspace: 'git@git.example:name', include_dirty: true },
    /^include_dirty: .*push them/,
  ],
  [
    'a plan with a cycle',
    { goal: 'Add it', plan: planOf(2, { step_1: { depends_on: ['step_2'] } }) },
    /^plan: .*step_1/,
  ],
  ['nothing', undefined, /./],
  ['text', 'Add it', /./],
] as const)('%s is refused', async (_what, input, problem) => {
  const answer = await createDoor().intake(input, origin);
  expect(answer).toEqual({ outcome: 'rejected', problems: expect.arrayContaining([expect.stringMatching(problem)]) });
});

test.each([
  [
    'that depend on nothing known',
    [{ goal: 'One', depends_on: ['T7'] }],
    ['tasks: task T1 depends on T7, which is not known'],
  ],
  [
    'that depend on each other',
    [
      { goal: 'One', depends_on: [{ task: 'T2', policy: 'all' }] },
      { goal: 'Two', depends_on: ['T1'] },
    ],
    ['tasks: tasks depend on each other in a cycle: T1 → T2 → T1'],
  ],
  ['under one id', [{ id: 'T2', goal: 'One' }, 'Two'], ['tasks: T2 is used more than once']],
  [
    'with a plan that cannot be run',
    [{ goal: 'One', plan: planOf(1, { step_1: { depends_on: ['x'] } }) }],
    [/^tasks: the plan of T1: .*x/],
  ],
])('tasks %s are refused', async (_what, tasks, problems) => {
  const { intake, log } = createDoor();
  const answer = await intake({ goal: 'Do them', tasks }, origin);
  expect(answer).toEqual({
    outcome: 'rejected',
    problems: problems.map((problem) => (typeof problem === 'string' ? problem : expect.stringMatching(problem))),
  });
  expect(await log.count('all')).toBe(0);
});

test('a plan beside tasks is refused, as nobody knows whose it is', async () => {
  const { intake } = createDoor();
  const answer = await intake({ goal: 'Do them', tasks: ['One'], plan: planOf(1) }, origin);
  expect(answer).toEqual({
    outcome: 'rejected',
    problems: ['plan: a goal with tasks has a plan for each task, or none'],
  });
});

test('a specification is for the architect, unless its tasks are there already', async () => {
  const { intake, log } = createDoor();
  const workflowOf = async (goal: object): Promise<unknown> => {
    const [event] = await log.read(
      await created(intake({ goal: 'Build it', specification: '- One', ...goal }, origin)),
    );
    return event?.type === 'goal.submitted' ? event.data.workflow : event;
  };
  expect(await workflowOf({})).toBe('decompose_first');
  expect(await workflowOf({ tasks: ['One'] })).toBeNull();
  expect(await workflowOf({ workflow: 'plan_then_build' })).toBe('plan_then_build');
});

test('when the system is full nothing is claimed or stored', async () => {
  const full = new SystemFull('no memory left');
  const { intake, log, claims } = createDoor({
    guard: async () => {
      throw full;
    },
  });
  await expect(intake({ goal: 'Add it', key: 'k1' }, origin)).rejects.toBe(full);
  expect(await log.count('all')).toBe(0);
  expect(await claims.claim('k1', { id: 'free', payload: '' })).toEqual({ id: 'free', payload: '' });
});

test('a plan that comes with a goal names where it was found', async () => {
  const { intake, log } = createDoor();
  const id = await created(intake({ goal: 'Add it', plan: planOf(1) }, { ...origin, planSource: '.studio/plan.json' }));
  const [event] = await log.read(id);
  expect(event).toMatchObject({ data: { planSource: '.studio/plan.json' } });
});
