import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FailureCategory } from '#contracts';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { fc } from '../../../test/support/fast-check.ts';
import { classify, ErrorPatterns } from './classify.ts';

const file = readFileSync(new URL('../../../data/error-patterns.yaml', import.meta.url), 'utf8');
const { patterns } = ErrorPatterns.parse(parse(file));
const judge = (error: string, exitCode: number | null = 1, timedOut = false) =>
  classify({ error, exitCode, timedOut }, patterns);

const texts: readonly (readonly [patternId: string, category: FailureCategory, error: string])[] = [
  ['secret.push-protection', 'critical', 'remote: error: GH013: Repository rule violations found for refs/heads/main.'],
  [
    'sandbox.hidden-file',
    'blocker',
    "Error: Cannot find module '/srv/agent.mjs'\n[sandbox] /srv/agent.mjs is there and not shown; sandbox.read names more",
  ],
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
  ['browser.none', 'blocker', 'it greets: not available: there is no browser here to open a page in; apt-get install'],
  ['browser.not-started', 'blocker', 'it greets: the browser /usr/bin/chromium did not start: Failed to launch'],
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
  ['provider.down', 'transient', '{"type":"error","error":{"type":"overloaded_error"}}'],
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
  ['git.rejected', 'blocker', ' ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs'],
  [
    'git.rejected',
    'blocker',
    'remote: error: GH006: Protected branch update failed.\n ! [remote rejected] main -> main',
  ],
  [
    'git.identity',
    'blocker',
    '*** Please tell me who you are.\n\nRun\n  git config --global user.email "you@example.com"',
  ],
  ['git.not-found', 'blocker', "remote: Repository not found.\nfatal: repository 'https://github.com/a/b/' not found"],
  ['git.ownership', 'blocker', "fatal: detected dubious ownership in repository at '/w'"],
  [
    'docker.daemon',
    'blocker',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  ],
  [
    'docker.credentials',
    'blocker',
    'Error response from daemon: pull access denied for acme/app, repository does not exist or may require docker login',
  ],
  ['docker.image-unknown', 'blocker', 'Error response from daemon: manifest for node:99 not found: manifest unknown'],
  ['tls.certificate', 'blocker', 'npm error code SELF_SIGNED_CERT_IN_CHAIN'],
  ['tls.certificate', 'blocker', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
  ['provider.credit', 'blocker', 'Your credit balance is too low to access the API'],
  ['provider.credit', 'blocker', '{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}'],
  ['python.package-unknown', 'blocker', 'ERROR: No matching distribution found for reqeusts'],
  [
    'python.externally-managed',
    'blocker',
    'error: externally-managed-environment\n\n× This environment is externally managed',
  ],
  ['go.module-unknown', 'blocker', 'go: example.com/m@v1.2.9: invalid version: unknown revision v1.2.9'],
  ['go.version', 'blocker', 'go: go.mod requires go >= 1.24 (running go 1.22.2; GOTOOLCHAIN=local)'],
  ['provider.window', 'transient', 'Claude AI usage limit reached|1770048000'],
  ['provider.window', 'transient', "You've hit your session limit · resets 6pm (UTC)"],
  ['http.rate-limit', 'transient', 'Rate limit reached for gpt-4o on tokens per min (TPM). Please try again in 6m0s.'],
  ['npm.network', 'transient', 'npm error code EINTEGRITY\nnpm error sha512-aa integrity checksum failed'],
  ['npm.network', 'transient', 'npm ERR! code ERR_SOCKET_TIMEOUT'],
  [
    'python.network',
    'transient',
    "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError'\nERROR: No matching distribution found for flask",
  ],
  [
    'go.network',
    'transient',
    'go: example.com/m: Get "https://proxy.golang.org/example.com/m/@v/list": net/http: TLS handshake timeout',
  ],
  [
    'go.network',
    'transient',
    'dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: dial tcp 10.0.0.2:53: i/o timeout',
  ],
  ['git.transfer', 'transient', 'error: RPC failed; curl 56 GnuTLS recv error\nfatal: early EOF'],
  ['python.conflict', 'design_flaw', 'ERROR: ResolutionImpossible: for help visit https://pip.pypa.io'],
  ['go.import-cycle', 'design_flaw', 'package a\n\timports b\n\timports a: import cycle not allowed'],
  ['node.old-syntax', 'code_error', 'TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension ".ts" for /w/a.ts'],
  ['git.nothing', 'code_error', "error: pathspec 'relase' did not match any file(s) known to git"],
  [
    'node.export-missing',
    'code_error',
    "SyntaxError: The requested module './a.js' does not provide an export named 'b'",
  ],
  ['python.import', 'code_error', "ImportError: cannot import name 'app' from 'shop'"],
  [
    'python.type',
    'code_error',
    'shop/cart.py:14: error: Argument 1 to "add" has incompatible type "str"; expected "int"',
  ],
  ['python.error', 'code_error', "E       KeyError: 'total'\n\ntests/test_cart.py:9: KeyError"],
  ['python.error', 'code_error', "Traceback (most recent call last):\nNameError: name 'x' is not defined"],
  ['go.compile', 'code_error', './main.go:12:5: undefined: handler'],
  ['go.compile', 'code_error', 'FAIL\texample.com/shop [build failed]'],
  ['go.sum', 'code_error', 'main.go:4:2: missing go.sum entry for module providing package example.com/m'],
  ['go.panic', 'code_error', 'panic: runtime error: index out of range [3] with length 3'],
  ['vitest.snapshot', 'code_error', '  Snapshots  1 failed\n      Tests  1 failed | 3 passed (4)'],
  ['vitest.snapshot', 'code_error', ' › 1 snapshot failed.\nSnapshot Summary'],
  ['test.timed-out', 'code_error', 'Error: Test timed out in 5000ms.'],
  ['test.timed-out', 'code_error', 'thrown: "Exceeded timeout of 5000 ms for a test."'],
  [
    'test.timed-out',
    'code_error',
    'Error: Timeout of 2000ms exceeded. For async tests and hooks, ensure "done()" is called',
  ],
  ['test.none', 'code_error', 'No test files found, exiting with code 1'],
  ['test.none', 'code_error', '============================ no tests ran in 0.01s ============================='],
  ['test.failed', 'code_error', '  2 passing (8ms)\n  1 failing\n\n  1) cart adds'],
  ['test.failed', 'code_error', 'FAIL src/cart.test.ts\n  ● cart › adds'],
  ['test.failed', 'code_error', '=================================== FAILURES ==================================='],
  ['format.unformatted', 'code_error', '[warn] src/a.ts\n[warn] Code style issues found in the above file.'],
  ['format.unformatted', 'code_error', 'would reformat shop/cart.py\n1 file would be reformatted'],
  [
    'docker.build',
    'code_error',
    'ERROR: failed to solve: process "/bin/sh -c npm run build" did not complete: exit code: 1',
  ],
  ['make.failed', 'code_error', "make: *** No rule to make target 'tets'.  Stop."],
  ['json.malformed', 'code_error', 'SyntaxError: Unexpected token } in JSON at position 41'],
  ['json.malformed', 'code_error', 'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)'],
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

test('forty and more kinds are known, and only what a server says for certain ends a run', () => {
  expect(patterns.length).toBeGreaterThanOrEqual(50);
  expect(patterns.filter(({ category }) => category === 'critical').map(({ id }) => id)).toEqual([
    'secret.push-protection',
  ]);
  // A test that fails may print anything.
  expect(judge('✗ refuses a link outside the workspace\n-----BEGIN PRIVATE KEY-----').category).toBe('code_error');
});

/** As they were seen of claude, codex, gemini, qwen, opencode and the interfaces of their providers. */
test.each([
  ['down', 'API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'],
  ['down', 'stream error: stream disconnected before completion; retrying 5/5'],
  ['down', 'exceeded retry limit, last status: 503 Service Unavailable'],
  [
    'down',
    '{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}',
  ],
  ['down', 'The server had an error processing your request. Sorry about that!'],
  ['down', 'AI_APICallError: connect ECONNREFUSED 127.0.0.1:4000'],
  ['quota', "You've hit your usage limit. Upgrade to Pro or try again in 4 days 2 hours."],
  ['quota', 'Claude AI usage limit reached|1770048000'],
  ['quota', '5-hour limit reached ∙ resets 5pm'],
  ['quota', '{"error":{"type":"rate_limit_error","message":"Number of request tokens has exceeded your limit"}}'],
  ['quota', '{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}'],
  ['quota', 'RESOURCE_EXHAUSTED: You exceeded your current quota'],
  ['quota', 'Qwen OAuth free daily quota exceeded'],
  ['quota', 'Your credit balance is too low to access the Anthropic API.'],
  ['refused_key', 'Invalid API key · Please run /login'],
  ['refused_key', '{"error":{"type":"authentication_error","message":"invalid x-api-key"}}'],
  ['refused_key', 'Incorrect API key provided: sk-local. You can find your API key at https://platform.openai.com'],
  ['refused_key', 'API key not valid. Please pass a valid API key.'],
])('of an engine, the provider is at fault (%s): %s', (provider, error) =>
  expect(judge(error).provider).toBe(provider),
);

describe('what decides where no text does', () => {
  test('a failure is an error of the code', () =>
    expect(judge('something went wrong')).toEqual({
      category: 'code_error',
      hint: null,
      patternId: null,
      window: false,
      provider: null,
    }));
  test('a time-out may pass', () => expect(judge('', null, true).category).toBe('transient'));
  test('a time-out whose output names the cause has that cause', () =>
    expect(judge('src/a.ts(1,1): error TS1005: x', null, true).category).toBe('code_error'));
  test.each([137, 143])('exit code %d is a program that was killed from outside', (exitCode) =>
    expect(judge('', exitCode).category).toBe('transient'),
  );
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
  expect(answer).toEqual({ category: 'transient', hint: 'h', patternId: 'team.flaky', window: false, provider: null });
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
    expect(cpuMsOf(() => judge(error))).toBeLessThan(2_000);
  }
});
