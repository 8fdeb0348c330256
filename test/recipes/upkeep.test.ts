import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { linkTools, repository } from '../contract/engine-fixtures.ts';
import { build, changedFiles, packageJson, planFor, planned, read } from './run-recipe.ts';

// Compilers, linters and package managers of real repositories run in these tests, several to a test.
/** A dependency in two versions, as folders, so that no registry is needed. */
const withDependency = (test: string) =>
  repository({
    'vendor/v1/package.json': JSON.stringify({ name: 'tiny-answer', version: '1.0.0', main: 'index.js' }),
    'vendor/v1/index.js': 'module.exports = 1;\n',
    'vendor/v2/package.json': JSON.stringify({ name: 'tiny-answer', version: '2.0.0', main: 'index.js' }),
    'vendor/v2/index.js': 'module.exports = 2;\n',
    '.gitignore': 'node_modules\n',
    'package.json': packageJson({ scripts: { test }, devDependencies: { 'tiny-answer': 'file:vendor/v1' } }),
  });

test('bump-dependency: the new version is taken when the tests pass with it', async () => {
  const folder = await withDependency('node -e "process.exit(require(\'tiny-answer\') > 0 ? 0 : 1)"');
  await build('…', (await planned('Bump tiny-answer to file:vendor/v2', folder)).plan, folder);
  const { devDependencies } = JSON.parse(await read(folder, 'package.json'));
  expect(devDependencies).toEqual({ 'tiny-answer': 'file:vendor/v2' });
});

test('bump-dependency: a version that breaks the tests fails its step', async () => {
  const folder = await withDependency('node -e "process.exit(require(\'tiny-answer\') === 1 ? 0 : 1)"');
  const { plan } = await planned('Bump tiny-answer to file:vendor/v2', folder);
  await expect(build('…', plan, folder)).rejects.toThrow('ended with 1');
});

test('bump-dependency: a package that is no dependency is named', async () => {
  const folder = await withDependency('true');
  expect(await planFor('upgrade left-pad', folder)).toMatchObject({
    outcome: 'cannot',
    reason: expect.stringContaining('package.json does not depend on left-pad'),
  });
});

test('bump-dependency: what is no version never reaches a shell', async () => {
  const folder = await withDependency('true');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell would expand it
  expect(await planFor('bump tiny-answer to 1;touch${IFS}/tmp/pwned', folder)).toMatchObject({ outcome: 'cannot' });
});

const biome = { 'biome.json': '{ "linter": { "rules": { "correctness": { "noUnusedImports": "error" } } } }\n' };

test("lint-fix: the repository's own linter corrects what it can, and what is left is no failure", async () => {
  const folder = await repository({
    ...biome,
    'package.json': packageJson({ scripts: { test: 'true' } }),
    'a.js': 'export const a = () => {\n  let b = 1;\n  debugger;\n  return b;\n};\n',
  });
  await linkTools(folder);
  await build('…', (await planned("Apply the linter's fixes", folder)).plan, folder);
  expect(await changedFiles(folder)).toEqual(['a.js']);
  expect(await read(folder, 'a.js')).toContain('const b = 1;');
});

test('lint-fix: a repository without a linter is told which ones are known', async () => {
  const folder = await repository({ 'package.json': packageJson({}) });
  expect(await planFor('Fix all lint errors', folder)).toMatchObject({
    outcome: 'cannot',
    reason: expect.stringContaining('Biome, ESLint, oxlint'),
  });
});

test('remove-unused: Knip removes files and exports that nothing uses', async () => {
  const folder = await repository({
    'package.json': packageJson({
      type: 'module',
      main: 'main.js',
      scripts: { test: 'node main.js' },
      devDependencies: { knip: '*' },
    }),
    'knip.json': '{ "entry": ["main.js"], "project": ["*.js"], "ignoreDependencies": ["knip"] }\n',
    'main.js': "import { used } from './lib.js';\nused();\n",
    'lib.js': 'export const used = () => 1;\nexport const unused = () => 2;\n',
    'dead.js': 'export const dead = 1;\n',
  });
  await linkTools(folder);
  await build('…', (await planned('Remove unused code', folder)).plan, folder);
  expect(await changedFiles(folder)).toEqual(['dead.js', 'lib.js']);
  expect(await read(folder, 'lib.js')).not.toContain('export const unused');
});

test('remove-unused: Biome removes the imports that a file does not use', async () => {
  const folder = await repository({
    ...biome,
    'package.json': packageJson({ type: 'module', scripts: { test: 'node a.js' } }),
    'a.js': "import { readFileSync } from 'node:fs';\nexport const a = 1;\n",
  });
  await linkTools(folder);
  await build('…', (await planned('Remove all unused imports', folder)).plan, folder);
  expect((await read(folder, 'a.js')).trim()).toBe('export const a = 1;');
});

test('remove-unused: without a tool it says which would do, and guesses nothing', async () => {
  const folder = await repository({ 'package.json': packageJson({ scripts: { test: 'true' } }) });
  expect(await planFor('remove dead code', folder)).toMatchObject({
    outcome: 'cannot',
    reason: expect.stringContaining('npm install --save-dev knip'),
  });
});

test("add-ci: the workflow is made of the repository's own scripts", async () => {
  const folder = await repository({
    'package.json': packageJson({ scripts: { lint: 'true', test: 'true' } }),
    'package-lock.json': '{}',
    '.nvmrc': '20\n',
  });
  await build('…', (await planned('Add CI', folder)).plan, folder);
  const { steps } = parse(await read(folder, '.github/workflows/ci.yml')).jobs.check;
  expect(steps.map(({ run }: { run?: string }) => run)).toEqual([
    undefined,
    undefined,
    'npm ci',
    'npm run lint',
    'npm test',
  ]);
  expect(steps[1].with).toEqual({ 'node-version-file': '.nvmrc' });
});
