import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineContext, PlanRequest } from '../engine.ts';
import { createRecipesEngine } from './recipes-engine.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'studio-recipes-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const put = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
};

/** A recipe of the workspace, with fields of its own. */
const putRecipe = (name: string, fields: object): Promise<void> =>
  put(
    `.studio/recipes/${name}.yaml`,
    JSON.stringify({
      name,
      version: 1,
      description: 'a recipe of a test',
      example: 'Do it',
      signals: ['^do it(?: with (?<thing>\\w+))?$'],
      steps: [
        {
          name: 'Do it',
          action: 'Do it.',
          operations: [{ op: 'write', path: 'a.txt', content: 'a' }],
          success_criteria: [{ criterion: 'done', verification: { type: 'file_exists', path: 'a.txt' } }],
        },
      ],
      ...fields,
    }),
  );

const plan = (goal: string, asking: Partial<Pick<PlanRequest, 'round' | 'answers'>> = {}) => {
  const context: EngineContext = {
    directory,
    signal: new AbortController().signal,
    progress: () => undefined,
    stepKey: 'key',
    run: () => Promise.reject(new Error('planning runs no command')),
  };
  const engine = createRecipesEngine({ recipesDirs: ['.studio/recipes'] });
  return engine.plan(
    { kind: 'plan', goal, taskId: 'T1', skills: [], hint: null, failure: null, round: null, answers: [], ...asking },
    context,
  );
};

test('a recipe of the workspace plans, in any case, with the same id for the same goal', async () => {
  await putRecipe('mine', {});
  const first = await plan('Do It');
  expect(first).toMatchObject({ outcome: 'planned', source: 'recipe mine', cautions: [] });
  expect(await plan('Do It')).toEqual(first);
});

test('a goal that no recipe fits names the ways out and the goals that recipes take', async () => {
  await putRecipe('mine', {});
  expect(await plan('something else')).toEqual({
    outcome: 'cannot',
    reason: 'no recipe fits this goal',
    unblock: expect.stringMatching(/a model, an agent or a program \(engines\.models.*--plan FILE.*"Do it" \(mine\)/),
  });
});

test('the first recipe that applies is taken, and what stood in the way of the others is told', async () => {
  await putRecipe('a', { applies_when: [{ require: 'workspace.package', otherwise: 'no package.json' }] });
  await putRecipe('b', {});
  expect(await plan('do it')).toMatchObject({
    source: 'recipe b',
    cautions: ['recipe a does not apply: no package.json'],
  });
});

test('a question is answered by its default, and the assumption is marked', async () => {
  await putRecipe('mine', { questions: [{ parameter: 'colour', question: 'Which colour?', default: 'red' }] });
  expect(await plan('do it')).toMatchObject({
    cautions: ['assumed: Which colour? red'],
    plan: {
      gathered_requirements: {
        user_confirmations: [{ question: 'Which colour?', response: 'assumed: red', round: 1 }],
      },
    },
  });
});

const round = { number: 1, focus: 'scope and success' };
const answered = (id: string, response: string) =>
  ({ id, question: 'Which colour?', response, round: 1, assumed: false }) as const;

test('a question is put where a round is open, unless the goal or an answer says it', async () => {
  const question = { parameter: 'colour', question: 'Which colour?', default: '{{ thing }}' };
  await putRecipe('mine', { questions: [question, { ...question, parameter: 'thing', default: 'red' }] });
  expect(await plan('do it with x', { round })).toEqual({
    outcome: 'questions',
    readiness: 0,
    questions: [{ id: 'colour', question: 'Which colour?', options: [], default: 'x' }],
  });
  expect(await plan('do it with x', { round, answers: [answered('colour', '{{ blue }}')] })).toMatchObject({
    outcome: 'planned',
    cautions: [],
    plan: {
      gathered_requirements: {
        user_confirmations: [{ question: 'Which colour?', response: '{{ blue }}', round: 1 }],
      },
    },
  });
});

test('an answer that is of no use is asked for once more, with the reason', async () => {
  const questions = [{ parameter: 'colour', question: 'Which colour?', default: 'red' }];
  const parameters = { colour: { description: 'the colour', pattern: 'red|blue' } };
  await putRecipe('mine', { questions, parameters });
  const answers = [answered('colour', 'loud')];
  const again = { id: 'colour.2', question: '"loud" cannot be used as the colour. Which colour?' };
  expect(await plan('do it', { round, answers })).toMatchObject({ outcome: 'questions', questions: [again] });
  const better = [...answers, answered('colour.2', 'blue')];
  expect(await plan('do it', { round, answers: better })).toMatchObject({ outcome: 'planned', cautions: [] });
  expect(await plan('do it', { answers })).toMatchObject({ outcome: 'cannot' });
});

test('what the goal says is no assumption; what it leaves out is asked for by example', async () => {
  await putRecipe('mine', { parameters: { thing: { description: 'the thing', pattern: 'x|y' } } });
  expect(await plan('do it with x')).toMatchObject({ outcome: 'planned', cautions: [] });
  expect(await plan('do it with z')).toMatchObject({
    reason: expect.stringContaining('"z" cannot be used as the thing'),
  });
  expect(await plan('do it')).toMatchObject({ reason: expect.stringContaining('the goal does not say the thing') });
});

test.each([
  ['an expression that never ends', { signals: ['^(\\w+ ?)+!$'] }, 'took more than'],
  ['a template with an unknown name', { cautions: ['{{ typo }}'] }, 'typo'],
  ['a template that is none', { cautions: ['{% if %'] }, 'if'],
  [
    'a template that leaves the workspace',
    {
      parameters: { up: { description: 'up', default: '..' } },
      steps: [
        {
          name: 's',
          action: 'a',
          operations: [{ op: 'write', path: '{{ up }}/evil', content: '' }],
          success_criteria: [{ criterion: 'c', verification: { type: 'command', command: 'true' } }],
        },
      ],
    },
    'a path cannot leave the workspace',
  ],
])('a recipe with %s is named as broken, and the others still work', async (_, fields, message) => {
  await putRecipe('a', fields);
  await putRecipe('b', { signals: ['^do it'] });
  const outcome = await plan(`do it${' abcdefghijklmnopqrstuvwxyz'.repeat(_.includes('never') ? 4 : 0)}`);
  expect(outcome).toMatchObject({
    source: 'recipe b',
    cautions: [expect.stringContaining('recipe a is broken, correct ')],
  });
  expect(JSON.stringify(outcome)).toContain(message);
});

test('a recipe that does not parse is told with file and line, and the others still work', async () => {
  await put('.studio/recipes/bad.yaml', 'name: bad\nversions: 1\n');
  await putRecipe('good', {});
  expect(await plan('do it')).toMatchObject({
    source: 'recipe good',
    cautions: expect.arrayContaining([expect.stringContaining('.studio/recipes/bad.yaml:')]),
  });
});

test('steps and operations whose conditions do not hold are left out; none left is nothing to do', async () => {
  const [criterion] = [{ criterion: 'c', verification: { type: 'command', command: 'true' } }];
  const step = { name: 's', action: 'a', success_criteria: [criterion] };
  const each = { op: 'each_occurrence', of: 'x', do: [{ op: 'delete', path: '{{ file }}' }] };
  await putRecipe('mine', {
    nothing_to_do: 'no file has an x',
    steps: [
      { ...step, when: 'workspace.package', operations: [{ op: 'delete', path: 'a' }] },
      { ...step, operations: [{ op: 'if', when: 'found.none', do: [{ op: 'delete', path: 'a' }] }] },
      { ...step, operations: [each] },
    ],
  });
  expect(await plan('do it')).toMatchObject({ reason: 'recipe mine does not apply: no file has an x' });
  await put('b.txt', 'x');
  expect(await plan('do it')).toMatchObject({
    plan: { steps: [{ id: 'step_1', depends_on: [], operations: [{ op: 'delete', path: 'b.txt' }] }] },
  });
});
