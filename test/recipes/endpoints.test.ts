import { cp } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  commitAll,
  contextFor,
  linkTools,
  projectPath,
  repository,
  temporaryFolder,
} from '../contract/engine-fixtures.ts';
import { build, changedFiles, check, packageJson, planFor, planned, read } from './run-recipe.ts';

// Compilers, linters and package managers of real repositories run in these tests, several to a test.
/** A copy of the shipped example, as a person would have it. */
const exampleService = async (): Promise<string> => {
  const folder = await temporaryFolder();
  const isOurs = (path: string) => !/\/(?:node_modules|dist)(?:\/|$)/.test(path.slice(projectPath('examples').length));
  await cp(projectPath('examples/hello-service'), folder, { recursive: true, filter: isOurs });
  await commitAll(folder);
  await linkTools(folder);
  return folder;
};

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
