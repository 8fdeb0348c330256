import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { EventDocument, ListPage, RouteDocument, StateDocument, SubmitAnswer, WhyDocument } from '#contracts';
import { testRedis } from '../support/redis.ts';
import { studioIn } from './studio.ts';

const { url, tag } = testRedis();
const { folder, run } = studioIn({ REDIS_URL: url, STUDIO_TAG: tag });

/** The one document that a command printed with `--json`. */
const documentOf = async (...argv: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await run([...argv, '--json']);
  expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
  expect(stdout.endsWith('\n') && !stdout.slice(0, -1).includes('\n')).toBe(true);
  return JSON.parse(stdout);
};

const submitted = async (...argv: readonly string[]): Promise<string> => {
  const answer = SubmitAnswer.parse(await documentOf('submit', ...argv));
  if (answer.outcome !== 'created') throw new Error(`expected created, found ${JSON.stringify(answer)}`);
  return answer.id;
};

let id: string;
beforeAll(async () => {
  id = await submitted('Fix the login page', '--label', 'team=web');
});

test('the same key with the same goal is a duplicate, with another one a conflict', async () => {
  const first = await submitted('Add a health endpoint', '--key', 'k1');
  expect(await documentOf('submit', 'Add a health endpoint', '--key', 'k1')).toEqual({
    outcome: 'duplicate',
    id: first,
  });
  const { code, stdout } = await run(['submit', 'Add something else', '--key', 'k1', '--json']);
  expect(code).toBe(2);
  expect(SubmitAnswer.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'conflict', id: first });
});

test('a file of goals gets one answer a line, and goes on after bad lines', async () => {
  const lines = [
    '{"goal": "Add a health endpoint"}',
    'not json',
    '',
    '{"goal": "x", "gaol": "y"}',
    '{"goal": "Fix a typo"}',
  ];
  const { code, stdout, stderr } = await run(['submit', '--file', '-', '--json'], { stdin: lines.join('\n') });
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => SubmitAnswer.parse(JSON.parse(line)));
  expect(answers.map(({ outcome }) => outcome)).toEqual(['created', 'rejected', 'rejected', 'created']);
  expect(answers[1]).toEqual({ outcome: 'rejected', problems: ['the line is not a JSON document: {"goal": "…"}'] });
  expect(stderr).toBe('4 goals: 2 created, 2 rejected\n');
  expect(code).toBe(2);
});

test('a route is decided without storing anything', async () => {
  const route = RouteDocument.parse(await documentOf('route', 'Fix the login page'));
  expect(route).toMatchObject({ workflow: 'build_only', agents: ['builder'] });
  const { stdout } = await run(['route', '--stdin', '--json'], { stdin: 'Fix a typo\nAdd a page\n' });
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => RouteDocument.parse(JSON.parse(line)).goal),
  ).toEqual(['Fix a typo', 'Add a page']);
});

test('state, status and why tell of the run that was named, by any beginning that names only it', async () => {
  const state = StateDocument.parse(await documentOf('state', id));
  expect(state).toMatchObject({ id, goal: 'Fix the login page', workspace: folder, labels: { team: 'web' } });
  expect(await documentOf('status', id.slice(0, -2))).toMatchObject({ id });
  expect(WhyDocument.parse(await documentOf('why', id))).toMatchObject({ id, wait: { kind: 'no_worker' } });
});

test('a run without a worker says so, and what would help', async () => {
  const { stdout } = await run(['why', id]);
  expect(stdout).toMatch(/no builder worker is alive: studio up, or studio start agent builder/);
});

test('the state is told as it was at a version', async () => {
  expect(await documentOf('state', id, '--at', '1')).toMatchObject({ version: 1, routing: null });
});

test('a list is made again from the log, and filtered', async () => {
  await documentOf('rebuild');
  const page = ListPage.parse(await documentOf('list', '--label', 'team=web'));
  expect(page.orchestrations.map((row) => row.id)).toEqual([id]);
  const { stdout } = await run(['list', '--label', 'team=web']);
  expect(stdout).toMatch(new RegExp(`^${id} .*Fix the login page\nno worker is alive`));
});

test('events are one document a line, in order', async () => {
  const { code, stdout } = await run(['events', id, '--json']);
  expect(code).toBe(0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => EventDocument.parse(JSON.parse(line)));
  expect(events.map(({ version, type }) => `${version} ${type}`)).toEqual([
    '1 goal.submitted',
    '2 route.decided',
    expect.stringMatching(/^3 /),
    ...events.slice(3).map(({ version, type }) => `${version} ${type}`),
  ]);
});

test('following events ends with 130 at Ctrl-C, and every event so far is printed', async () => {
  const { version } = StateDocument.parse(await documentOf('state', id));
  let press = () => {};
  const { code, stdout } = await run(['events', id, '--follow', '--json'], {
    onInterrupt: (listener) => {
      press = listener;
      return () => {};
    },
    onPrinted: (printed) => {
      if (printed.split('\n').length > version) press();
    },
  });
  expect(code).toBe(130);
  const events = stdout.trimEnd().split('\n');
  expect(events.map((line) => EventDocument.parse(JSON.parse(line)).version)).toEqual(
    Array.from({ length: version }, (_, i) => i + 1),
  );
});

test('an export is verified without a server, and a changed byte is found', async () => {
  const file = join(folder, 'run.jsonl');
  expect(await documentOf('export', id, '-o', file)).toMatchObject({ id, file });
  const offline = studioIn({ REDIS_URL: 'redis://127.0.0.1:1' });
  expect(await offline.run(['verify', file])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/nothing changed, head [0-9a-f]{64}/),
  });

  const changed = join(folder, 'changed.jsonl');
  writeFileSync(changed, readFileSync(file, 'utf8').replace('Fix the login page', 'Fix the logon page'));
  const { code, stdout } = await offline.run(['verify', changed]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/event 1: event 1 was changed/);
});

test('a recorded run is replayed without a server as it is with one', async () => {
  const file = join(folder, 'replayed.jsonl');
  await documentOf('export', id, '-o', file);
  const offline = studioIn({ REDIS_URL: 'redis://127.0.0.1:1' });
  const { code, stdout } = await offline.run(['replay', file]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1 +\+0 ms +goal submitted by cli, implicit: "Fix the login page"/);
  expect((await run(['replay', id])).stdout).toBe(stdout);
});

test('the log of one run, and of all, is verified', async () => {
  expect(await documentOf('verify', id)).toMatchObject({ stream: id, ok: true });
  await documentOf('rebuild');
  expect(await documentOf('verify')).toMatchObject({ failed: [] });
});

test('a route that waits for a yes is told with the command that answers, and answered once', async () => {
  const asked = await submitted('Add a health endpoint', '--mode', 'explicit');
  expect((await run(['status', asked])).stdout).toContain(`studio answer ${asked} y    # proceed`);
  expect(await documentOf('answer', asked, 'y')).toMatchObject({ id: asked, status: 'executing' });
  const { code, stderr } = await run(['answer', asked, 'n']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/nothing is asked by/);
});

test('a build that needs an answer ends with 3 where nobody can give it', async () => {
  const { code, stdout } = await run(['orchestrate', 'build', 'Add a health endpoint']);
  expect(code).toBe(3);
  expect(stdout).toMatch(/→ route: plan_then_build \(planner → builder\)/);
  expect(stdout).toMatch(/studio answer orch_\S+ y/);
  const json = await run(['orchestrate', 'build', 'Add a health endpoint', '--json']);
  expect(json.code).toBe(3);
  expect(StateDocument.parse(JSON.parse(json.stdout)).status).toBe('waiting');
});

test('a detached build returns at once and says how to go on', async () => {
  const { code, stdout } = await run(['build', 'Add a health endpoint', '--detach']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^created: (orch_\S+)\n.*studio status \1/);
});

test('a refused goal ends with 2 and every problem', async () => {
  const { code, stdout } = await run(['build', 'x', '--priority', '9', '--json']);
  expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('unknown option') });
  const refused = await run(['submit', `bad${'\u0001'}goal`, '--priority', '9']);
  expect(refused.code).toBe(2);
  expect(refused.stdout).toMatch(/rejected\n {2}- goal: .*\n {2}- priority: /);
});

test('Ctrl-C leaves a build running and says how to go on; a second one ends it', async () => {
  const press = (times: number) => (listener: () => void) => {
    const timers = Array.from({ length: times }, (_, n) => setTimeout(listener, 300 + n * 200));
    return () => timers.forEach(clearTimeout);
  };
  const once = await run(['build', 'Add a health endpoint'], { onInterrupt: press(1) });
  expect(once.code).toBe(130);
  expect(once.stderr).toMatch(/it goes on by itself: studio status (orch_\S+)\n.*studio abort \1\n$/);
  const twice = await run(['build', 'Add a health endpoint'], { onInterrupt: press(2) });
  expect(twice.code).toBe(130);
  const aborted = /studio status (orch_\S+)/.exec(twice.stderr)?.[1] ?? '';
  expect(await documentOf('state', aborted)).toMatchObject({ outcome: { kind: 'aborted' } });
});

test('pause, resume and abort are shown by the state that follows', async () => {
  const run1 = await submitted('Fix a typo in the README');
  expect(await documentOf('pause', run1, '--reason', 'freeze')).toMatchObject({ status: 'paused' });
  expect(await documentOf('resume', run1)).toMatchObject({ status: 'executing' });
  expect(await documentOf('abort', run1)).toMatchObject({ status: 'failed', outcome: { kind: 'aborted' } });
  const { code, stderr } = await run(['pause', run1]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/has ended \(aborted\): pause comes too late/);
});

test('an id that names nothing is told with where to look', async () => {
  const { code, stderr } = await run(['state', 'orch_20200101_000000_aaaaaaaaaaaa']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/there is no orchestration .*studio list/);
});
