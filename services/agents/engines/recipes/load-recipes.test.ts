import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeProblem, loadRecipes } from './load-recipes.ts';
import { parseRecipe } from './parse-recipe.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-load-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const recipe = (name: string, version = 1): string => `name: ${name}
version: ${version}
description: writes a file
example: Write it
signals: ['^write']
steps:
  - name: Write
    action: Write it.
    operations:
      - { op: write, path: a.txt, content: a }
    success_criteria:
      - { criterion: it is there, verification: { type: file_exists, path: a.txt } }
`;

const problemsOf = (text: string): readonly string[] => {
  const parsed = parseRecipe('r.yaml', text);
  return 'problems' in parsed ? parsed.problems.map(describeProblem) : [];
};

test('a later folder wins over an earlier one, recipe by recipe, and comes first', async () => {
  await mkdir(join(folder, 'built-in'));
  await mkdir(join(folder, 'own'));
  await writeFile(join(folder, 'built-in/a.yaml'), recipe('alpha'));
  await writeFile(join(folder, 'built-in/z.yml'), recipe('zulu'));
  await writeFile(join(folder, 'own/z.yaml'), recipe('zulu', 2));
  await writeFile(join(folder, 'own/notes.txt'), 'no recipe');
  const { recipes, problems } = await loadRecipes([
    join(folder, 'built-in'),
    join(folder, 'own'),
    join(folder, 'none'),
  ]);
  expect(problems).toEqual([]);
  expect(recipes.map(({ recipe: { name, version } }) => `${name} ${version}`)).toEqual(['zulu 2', 'alpha 1']);
});

test('a recipe that cannot be read is named with its line, and the others still work', async () => {
  await writeFile(join(folder, 'bad.yaml'), 'name: bad\nversion: [1\n');
  await writeFile(join(folder, 'good.yaml'), recipe('good'));
  const { recipes, problems } = await loadRecipes([folder]);
  expect(recipes.map((loaded) => loaded.recipe.name)).toEqual(['good']);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ file: join(folder, 'bad.yaml'), line: expect.any(Number) });
  expect(problems[0]?.problem).toContain('Correct the YAML there');
});

test.each([
  ['a misspelt key', recipe('r').replace('signals:', 'signal:'), 'r.yaml:1: signals'],
  ['a value of another type', recipe('r').replace('version: 1', 'version: one'), 'r.yaml:2: version'],
  ['an expression that is none', recipe('r').replace("'^write'", "'('"), 'r.yaml:5: signals.0: this is not a regular'],
  [
    'a path that leaves the workspace',
    recipe('r').replace('a.txt, content', '../a.txt, content'),
    'r.yaml:10: steps.0.operations.0.path',
  ],
  [
    'an operation that is not known',
    recipe('r').replace('op: write', 'op: eval'),
    'r.yaml:10: steps.0.operations.0.op',
  ],
  [
    'a step without a check',
    recipe('r').replace(/success_criteria:.*/s, 'success_criteria: []\n'),
    'would only claim to be done',
  ],
  ['a list instead of a recipe', '- 1\n', 'r.yaml:1: the file'],
  ['an empty file', '', 'r.yaml:1: the file'],
])('%s is found where it stands', (_, text, problem) => {
  expect(problemsOf(text).join('\n')).toContain(problem);
});

test('aliases that multiply without end are refused', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'])
    bomb.push(`${to}: &${to} [${`*${from}, `.repeat(9)}]`);
  expect(() => parseRecipe('r.yaml', bomb.join('\n'))).toThrow(/alias/);
});
