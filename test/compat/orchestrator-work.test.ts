import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { greetingGoal } from '../human/by-hand.ts';
import { waitUntil } from '../support/wait-until.ts';
import { orchestratorIn } from './orchestrator-project.ts';

const STUDIO = fileURLToPath(new URL('../../bin/studio', import.meta.url));

const project = orchestratorIn();
const { folder, home, studioDir } = project;

const call = (program: string, ...args: readonly string[]): string => {
  const env = { PATH: process.env.PATH, HOME: home, STUDIO_DIR: studioDir };
  const ran = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.status}\n${ran.stdout}\n${ran.stderr}`);
  return ran.stdout;
};

test('the script drives the builder of a run under a lease: it takes, hands in, fails, and is checked like anybody', async () => {
  call('git', 'init', '-q', '-b', 'main');
  call(
    'git',
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@localhost',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'Start',
  );
  const plan = join(studioDir, 'plan.json');
  project.init(); // a host, and a session of its own
  writeFileSync(plan, JSON.stringify(greetingGoal(folder).plan));
  const submitted = call(STUDIO, 'submit', 'Add a greeting', '--engine', 'human', '--plan', plan, '--json');
  const { id } = JSON.parse(submitted.trim().split('\n')[0] ?? '');
  const script = (...args: readonly string[]) => project.runWith({ ORCH_SESSION_ID: id }, ...args);
  const start = async () => {
    await waitUntil('the step is handed out', () => script('agent-start', 'builder').code === 0);
    return JSON.parse(readFileSync(join(studioDir, 'orchestration', id, 'work.json'), 'utf8'));
  };

  const first = await start();
  expect(first).toMatchObject({ assignment: { kind: 'step', about: 'step_1' }, request: { try: 1 } });
  expect(script('agent-start', 'planner')).toMatchObject({
    code: 1,
    err: expect.stringContaining('of the builder now'),
  });
  expect(script('agent-start', 'builder')).toMatchObject({ code: 1, err: expect.stringContaining('is taken: ') });
  expect(script('agent-fail', 'builder', 'no idea')).toMatchObject({ code: 0 });

  const second = await start();
  expect(second.request).toMatchObject({ try: 2, previous: { error: expect.stringContaining('no idea') } });
  writeFileSync(join(second.directory, 'greeting.txt'), 'hello\n');
  expect(script('agent-complete', 'builder', '{"summary": "greets"}')).toMatchObject({
    code: 0,
    out: '[Orchestrator] Agent completed: builder\n',
  });
  expect(existsSync(join(studioDir, 'orchestration', id, 'work.json'))).toBe(false);
  // Nothing is held any more, and a moment later the run has ended.
  expect(script('agent-complete', 'builder')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/agent-start builder|has ended \(completed\)/),
  });
  await waitUntil('it has completed', () => JSON.parse(script('state').out).outcome?.kind === 'completed');
});
