import { expect, test } from 'vitest';
import { repository } from '../contract/engine-fixtures.ts';
import { build, changedFiles, packageJson, planFor, planned, read } from './run-recipe.ts';

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
