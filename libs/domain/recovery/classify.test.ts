import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FailureCategory } from '#contracts';
import { classify, ErrorPatterns } from './classify.ts';

const file = readFileSync(new URL('../../../data/error-patterns.yaml', import.meta.url), 'utf8');
const { patterns } = ErrorPatterns.parse(parse(file));
const judge = (error: string, exitCode: number | null = 1, timedOut = false) =>
  classify({ error, exitCode, timedOut }, patterns);

const texts: readonly (readonly [patternId: string, category: FailureCategory, error: string])[] = [
  ['secret.private-key', 'critical', '+-----BEGIN RSA PRIVATE KEY-----\n+MIIE'],
  ['secret.push-protection', 'critical', 'remote: error: GH013: Repository rule violations found for refs/heads/main.'],
  ['workspace.escape', 'critical', 'link outside the workspace: evil -> /etc/passwd'],
  ['disk.full', 'blocker', "Error: ENOSPC: no space left on device, write '/tmp/x'"],
  [
    'process.out-of-memory',
    'blocker',
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ],
  ['file.too-many-open', 'blocker', "Error: EMFILE: too many open files, open 'a.ts'"],
  ['command.not-found', 'blocker', 'sh: 1: tsc: not found'],
  ['command.not-found', 'blocker', 'bash: line 1: cargo: command not found'],
  ['command.not-found', 'blocker', 'Error: spawn redis-server ENOENT'],
  ['file.permission', 'blocker', "Error: EACCES: permission denied, mkdir '/root/x'"],
  ['git.credentials', 'blocker', "fatal: could not read Username for 'https://github.com': terminal prompts disabled"],
  ['git.credentials', 'blocker', 'git@github.com: Permission denied (publickey).'],
  ['npm.credentials', 'blocker', 'npm error code E401\nnpm error Incorrect or missing password.'],
  ['http.unauthorized', 'blocker', 'Request failed: 401 Unauthorized'],
  [
    'npm.package-unknown',
    'blocker',
    'npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/lefft-pad',
  ],
  ['npm.engine', 'blocker', 'npm ERR! code EBADENGINE'],
  ['network.unreachable', 'transient', 'npm error code ECONNRESET\nnpm error network aborted'],
  ['network.unreachable', 'transient', 'Error: connect ECONNREFUSED 127.0.0.1:5432'],
  ['network.unreachable', 'transient', 'getaddrinfo EAI_AGAIN registry.npmjs.org'],
  [
    'network.unreachable',
    'transient',
    "fatal: unable to access 'https://github.com/a/b/': Could not resolve host: github.com",
  ],
  ['http.rate-limit', 'transient', 'HTTP 429 Too Many Requests'],
  ['http.rate-limit', 'transient', '{"type":"error","error":{"type":"overloaded_error"}}'],
  ['http.server', 'transient', 'Request failed with status code 503'],
  ['http.server', 'transient', 'npm error 502 Bad Gateway - GET https://registry.npmjs.org/zod'],
  ['git.lock', 'transient', "fatal: Unable to create '/w/.git/index.lock': File exists."],
  ['file.lock', 'transient', 'SqliteError: database is locked'],
  ['network.port-taken', 'transient', 'Error: listen EADDRINUSE: address already in use :::3000'],
  ['npm.peer-conflict', 'design_flaw', 'npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree'],
  ['node.require-esm', 'code_error', 'SyntaxError: Cannot use import statement outside a module'],
  ['git.conflict', 'code_error', 'CONFLICT (content): Merge conflict in src/app.ts'],
  [
    'typescript.error',
    'code_error',
    "src/app.ts(12,7): error TS2322: Type 'string' is not assignable to type 'number'.",
  ],
  ['typescript.error', 'code_error', "src/app.ts:12:7 - error TS2304: Cannot find name 'x'."],
  [
    'node.module-missing',
    'code_error',
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /w/a.js",
  ],
  ['node.syntax', 'code_error', "SyntaxError: Unexpected token '}'"],
  ['test.failed', 'code_error', 'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n404 !== 200'],
  ['test.failed', 'code_error', '# tests 3\n# pass 2\n# fail 1'],
  ['test.failed', 'code_error', ' Tests  2 failed | 10 passed (12)'],
  ['test.failed', 'code_error', '--- FAIL: TestHealth (0.00s)'],
  ['lint.error', 'code_error', '✖ 3 problems (3 errors, 0 warnings)'],
  ['npm.script-missing', 'code_error', 'npm error Missing script: "lint"'],
  [
    'npm.lock-out-of-sync',
    'code_error',
    'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
  ],
  ['node.type-error', 'code_error', 'TypeError: app.listen is not a function'],
];

describe('what an error text says', () => {
  test.each(texts)('%s: %s: %s', (patternId, category, error) => {
    expect(judge(error)).toMatchObject({ patternId, category });
  });
  test('each pattern of the file is met by one of these texts', () => {
    const met = new Set(texts.map(([id]) => id));
    expect(patterns.map(({ id }) => id).filter((id) => !met.has(id))).toEqual([]);
  });
});

describe('what decides where no text does', () => {
  test('a failure is an error of the code', () =>
    expect(judge('something went wrong')).toEqual({
      category: 'code_error',
      hint: null,
      patternId: null,
      window: false,
    }));
  test('a time-out may pass', () => expect(judge('', null, true).category).toBe('transient'));
  test('a time-out whose output names the cause has that cause', () =>
    expect(judge('src/a.ts(1,1): error TS1005: x', null, true).category).toBe('code_error'));
  test.each([126, 127])('exit code %d is a program that cannot run', (exitCode) =>
    expect(judge('', exitCode).category).toBe('blocker'),
  );
  test('numbers that only look like a status say nothing', () => {
    expect(judge('expected 429 items, got 500').category).toBe('code_error');
    expect(judge('expected 429 items, got 500').patternId).toBeNull();
  });
});

test('a pattern in front of the built-in ones wins', () => {
  const own = [
    { id: 'team.flaky', pattern: 'app\\.listen', category: 'transient', why: 'w', hint: 'h', window: false } as const,
  ];
  const answer = classify({ error: 'TypeError: app.listen is not a function', exitCode: 1, timedOut: false }, [
    ...own,
    ...patterns,
  ]);
  expect(answer).toEqual({ category: 'transient', hint: 'h', patternId: 'team.flaky', window: false });
});

test.each([
  [
    'a pattern that does not compile',
    { patterns: [{ id: 'a.b', pattern: '(((', category: 'blocker', why: 'w', hint: 'h' }] },
  ],
  ['an id used twice', { patterns: [patterns[0], patterns[0]] }],
  ['an unknown category', { patterns: [{ ...patterns[0], category: 'bad_luck' }] }],
])('%s is refused', (_name, data) => expect(ErrorPatterns.safeParse(data).success).toBe(false));

test('any output is classified, and quickly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (error) => FailureCategory.safeParse(judge(error).category).success),
  );
  for (const part of ['a', ' ', '1:', 'error ', '✖ 1', 'npm error ', 'Unable to create ', '429 ', 'x: ']) {
    const error = part.repeat(200_000 / part.length);
    const start = performance.now();
    judge(error);
    expect(performance.now() - start).toBeLessThan(2_000);
  }
});
