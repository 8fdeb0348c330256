import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { loadRecipes } from '#engines';
import {
  commitAll,
  contextFor,
  linkTools,
  projectPath,
  repository,
  temporaryFolder,
} from '../contract/engine-fixtures.ts';
import { build, check, planFor, planned } from './run-recipe.ts';

const read = (folder: string, path: string): Promise<string> => readFile(join(folder, path), 'utf8');

const changedFiles = async (folder: string): Promise<readonly string[]> => {
  const { stdout } = await execa('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: folder });
  return stdout.split('\n').map((line) => line.slice(3));
};

/** A copy of the shipped example, as a person would have it. */
const exampleService = async (): Promise<string> => {
  const folder = await temporaryFolder();
  const isOurs = (path: string) => !/\/(?:node_modules|dist)(?:\/|$)/.test(path.slice(projectPath('examples').length));
  await cp(projectPath('examples/hello-service'), folder, { recursive: true, filter: isOurs });
  await commitAll(folder);
  await linkTools(folder);
  return folder;
};

const packageJson = (fields: object): string =>
  `${JSON.stringify({ name: 'fixture', version: '1.0.0', ...fields }, null, 2)}\n`;

test('every built-in recipe can be read, and the goal it gives as an example is one that it takes', async () => {
  const { recipes, problems } = await loadRecipes([projectPath('recipes')]);
  expect(problems).toEqual([]);
  for (const { recipe } of recipes) {
    const taken = recipe.signals.some((signal) => new RegExp(signal, 'iu').test(recipe.example));
    expect(taken, recipe.name).toBe(true);
  }
});

test('health-endpoint: the example service gets a route, a test that asks for it, and a line in its README', async () => {
  const folder = await exampleService();
  const { plan, source, cautions } = await planned('Add a health endpoint', folder);
  expect(source).toBe('recipe health-endpoint');
  expect(cautions).toEqual(["assumed: What does it answer? { status: 'ok' }"]);
  await build('Add a health endpoint', plan, folder);
  expect(await changedFiles(folder)).toEqual(['README.md', 'src/router.ts', 'test/health.test.ts']);
  const types = await contextFor(folder).run('npm run typecheck');
  expect(types.exitCode, types.output).toBe(0);
});

test('health-endpoint: its acceptance criterion fails when the route answers something else', async () => {
  const folder = await exampleService();
  const { plan } = await planned('Please add a health check endpoint at /healthz', folder);
  await build('…', plan, folder);
  const context = contextFor(folder);
  await context.run(`sed -i "s/status: 'ok'/status: 'no'/" src/router.ts`);
  const verification = plan.acceptance_criteria[0]?.verification ?? { type: 'command', command: 'true' };
  expect(await check(verification, context)).toContain('# fail 1');
});

test('health-endpoint: a service that has one is told so', async () => {
  const folder = await exampleService();
  await contextFor(folder).run(`sed -i "s#path: '/languages'#path: '/health'#" src/router.ts`);
  expect(await planFor('Add a health endpoint', folder)).toMatchObject({
    outcome: 'cannot',
    reason: 'recipe health-endpoint does not apply: src/router.ts already has a route /health',
  });
});

test('http-endpoint: method and path come from the goal', async () => {
  const folder = await exampleService();
  const { plan, source } = await planned('Add a POST /greetings/:name/likes endpoint', folder);
  expect(source).toBe('recipe http-endpoint');
  await build('…', plan, folder);
  expect(await read(folder, 'src/router.ts')).toContain("{ method: 'POST', path: '/greetings/:name/likes',");
  expect(await changedFiles(folder)).toContain('test/post-greetings-name-likes.test.ts');
});

test('http-endpoint: a repository without a table of routes is told what is missing', async () => {
  const folder = await repository({ 'package.json': packageJson({}), 'app.js': 'console.log(1);\n' });
  expect(await planFor('Add a GET /version endpoint', folder)).toMatchObject({
    outcome: 'cannot',
    reason: expect.stringContaining('no file has a table'),
    unblock: expect.stringContaining('--plan FILE'),
  });
});

test('add-script: the script is in package.json, with any quotes it has', async () => {
  const folder = await repository({ 'package.json': packageJson({ scripts: { test: 'true' } }) });
  const goal = `Add an npm script "hello" that runs "node -e 'console.log(\`it is \${1 + 1}\`)'"`;
  const { plan } = await planned(goal, folder);
  await build(goal, plan, folder);
  const { scripts } = JSON.parse(await read(folder, 'package.json'));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what the script holds
  expect(scripts).toEqual({ test: 'true', hello: "node -e 'console.log(`it is ${1 + 1}`)'" });
});

test('add-script: a script that is there already is not replaced', async () => {
  const folder = await repository({ 'package.json': packageJson({ scripts: { test: 'true' } }) });
  expect(await planFor('Add a script test that runs jest', folder)).toMatchObject({
    outcome: 'cannot',
    reason: expect.stringContaining('package.json already has a script test: true'),
  });
});

test('fix-typo: every file and every case, but no lock file, no binary and nothing that git ignores', async () => {
  const folder = await repository({
    '.gitignore': 'ignored.txt\n',
    'README.md': 'We recieve. Recieve!\r\nTHEY RECIEVE\r\n',
    'src/a b.ts': 'export const recievedAt = 1;\n',
    'package-lock.json': '{ "recieve": 1 }\n',
    'data.bin': 'recieve\0',
    'ignored.txt': 'recieve',
  });
  await build('…', (await planned('Fix the typo "recieve" to "receive" everywhere', folder)).plan, folder);
  expect(await read(folder, 'README.md')).toBe('We receive. Receive!\r\nTHEY RECEIVE\r\n');
  expect(await read(folder, 'src/a b.ts')).toBe('export const receivedAt = 1;\n');
  expect(await changedFiles(folder)).toEqual(['README.md', '"src/a b.ts"']);
});

test('fix-typo: a short word changes only where it is a word', async () => {
  const folder = await repository({ 'a.txt': 'teh plan for tehran, Teh end\n' });
  await build('…', (await planned('replace teh with the', folder)).plan, folder);
  expect(await read(folder, 'a.txt')).toBe('the plan for tehran, The end\n');
});

test('fix-typo: a word that is nowhere is a blocker, not a success', async () => {
  const folder = await repository({ 'a.txt': 'fine\n' });
  expect(await planFor('fix the typo recieve to receive', folder)).toMatchObject({
    outcome: 'cannot',
    reason: 'recipe fix-typo does not apply: no text file contains recieve',
  });
});

test('rename-symbol: the whole word in source files changes, and longer names stay', async () => {
  const folder = await repository({
    'a.ts': 'export const getUser = () => getUserById(1);\n',
    'b.js': "import { getUser } from './a.ts';\ngetUser();\n",
    'README.md': 'getUser\n',
  });
  await build('…', (await planned('Rename the function `getUser` to `findUser`', folder)).plan, folder);
  expect(await read(folder, 'a.ts')).toBe('export const findUser = () => getUserById(1);\n');
  expect(await read(folder, 'b.js')).toBe("import { findUser } from './a.ts';\nfindUser();\n");
  expect(await read(folder, 'README.md')).toBe('getUser\n');
});

test('rename-symbol: a name that is taken is refused', async () => {
  const folder = await repository({ 'a.ts': 'const one = 1;\nconst two = one;\n' });
  expect(await planFor('rename one to two', folder)).toMatchObject({
    outcome: 'cannot',
    reason: expect.stringContaining('a.ts already uses the name two'),
  });
});

test('rename-file: imports follow the file, and so do its own', async () => {
  const folder = await repository({
    'package.json': packageJson({ type: 'module', scripts: { test: 'node main.js' } }),
    'main.js': "import { text } from './src/util.js';\nif (text !== 'b') process.exit(1);\n",
    'src/util.js': "import { b } from './b.js';\nexport const text = b;\n",
    'src/b.js': "export const b = 'b';\n",
    'src/c.js': "export { text } from './util.js';\nexport { other } from './other/util.js';\n",
    'src/other/util.js': 'export const other = 1;\n',
  });
  await build('…', (await planned('Rename src/util.js to lib/words/text.js', folder)).plan, folder);
  expect(await read(folder, 'main.js')).toContain("'./lib/words/text.js'");
  expect(await read(folder, 'lib/words/text.js')).toContain("'../../src/b.js'");
  expect(await read(folder, 'src/c.js')).toBe(
    "export { text } from '../lib/words/text.js';\nexport { other } from './other/util.js';\n",
  );
});

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
  const { parse } = await import('yaml');
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
