import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { killHost } from '../support/kill-host.ts';
import { testRedis } from '../support/redis.ts';
import { orchestratorIn } from './orchestrator-project.ts';
import { type Said, scriptIn } from './scripts.ts';

const { url, tag } = testRedis();
const shared = orchestratorIn();

describe('without a session', () => {
  const empty = orchestratorIn();

  test('status says so, exit 0', () => {
    expect(empty.run('status')).toMatchObject({
      code: 0,
      out: expect.stringContaining('No active orchestration session'),
    });
  });

  test('a file .current that names none counts as none', () => {
    const spoiled = scriptIn('orchestrator.sh');
    spoiled.put('.studio/orchestration/.current', 'garbage\n');
    expect(spoiled.run('status').out).toContain('No active orchestration session');
    expect(spoiled.run('cleanup')).toMatchObject({ code: 0, out: '' });
  });

  test('get-handoff prints {}, exit 0', () => {
    expect(empty.run('get-handoff', 'builder')).toEqual({ code: 0, out: '{}\n', err: '' });
  });

  test('cleanup has nothing to do, exit 0', () => {
    expect(empty.run('cleanup')).toMatchObject({ code: 0, out: '', err: expect.stringContaining('[Orchestrator]') });
  });

  test.each([
    [['state']],
    [['agent-start', 'planner']],
    [['agent-fail', 'planner', 'it broke']],
    [['checkpoint', 'a name']],
    [['resume']],
    [['handoff', 'planner', 'builder']],
    [['recover']],
    [['route']],
  ])('%j is an error on stderr, exit 1', (args) => {
    const { code, out, err } = empty.run(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^\[Orchestrator\] No .*session/);
  });

  test('nothing of this starts a host or writes a file', () => expect(readdirSync(empty.folder)).toEqual([]));
});

describe('usage', () => {
  test('help names every command; so does no command at all', () => {
    const { code, out } = shared.run('help');
    expect([code, out.startsWith('STUDIO Orchestrator\n')]).toEqual([0, true]);
    const commands = ['init', 'state', 'route', 'agent-start', 'agent-complete', 'agent-fail', 'checkpoint', 'resume'];
    for (const command of [...commands, 'handoff', 'get-handoff', 'recover', 'status', 'cleanup', 'help'])
      expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(shared.run()).toEqual(shared.run('--help'));
  });

  test('an unknown command is told with the help on stderr, exit 1', () => {
    const { code, out, err } = shared.run('frobnicate');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^\[Orchestrator\] Unknown command: frobnicate\nSTUDIO Orchestrator/);
  });

  test.each([
    [['init'], 'init <goal> [mode]'],
    [['agent-start', ''], 'agent-start <agent>'],
    [['agent-fail', 'builder'], 'agent-fail <agent> <error>'],
    [['checkpoint'], 'checkpoint <name>'],
    [['handoff', 'planner'], 'handoff <from> <to> [json]'],
    [['get-handoff'], 'get-handoff <agent>'],
  ])('%j lacks an argument: usage, exit 1', (args, usage) => {
    expect(shared.run(...args)).toEqual({ code: 1, out: '', err: `[Orchestrator] Usage: orchestrator.sh ${usage}\n` });
  });

  test('a mode that is none is refused', () => {
    expect(shared.run('init', 'a goal', 'loud')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/loud/),
    });
  });
});

describe('what is said where', () => {
  test('ORCH_SESSION_ID names another session than the last', () => {
    const [first, second] = [shared.init('First'), shared.init('Second')];
    const { out } = shared.runWith({ ORCH_SESSION_ID: first }, 'state');
    expect([JSON.parse(out).goal, shared.current()]).toEqual(['First', second]);
  });

  test('STUDIO_DIR is where the files are, and whose host is asked', () => {
    const elsewhere = join(shared.folder, 'elsewhere');
    const said: Said = shared.runWith({ STUDIO_DIR: shared.studioDir }, 'status');
    expect(said.out).toContain('ORCHESTRATION STATUS');
    expect(shared.runWith({ STUDIO_DIR: elsewhere }, 'status').out).toContain('No active orchestration session');
    expect(existsSync(elsewhere)).toBe(false);
  });

  test('it works through a symbolic link, and with a Redis of one’s own without a host', () => {
    const alone = scriptIn('orchestrator.sh', { REDIS_URL: url, STUDIO_TAG: tag });
    const link = join(alone.folder, 'o');
    symlinkSync(new URL('../../scripts/orchestrator.sh', import.meta.url).pathname, link);
    const env = { PATH: process.env.PATH, HOME: alone.folder, REDIS_URL: url, STUDIO_TAG: tag };
    const { status, stdout } = spawnSync('sh', ['o', 'init', 'A goal'], { cwd: alone.folder, env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/initialized: orch_/)]);
    expect(JSON.parse(alone.run('state').out).goal).toBe('A goal');
    expect(readdirSync(join(alone.folder, '.studio')).sort()).toEqual(['.gitignore', 'orchestration']);
  });
});

test('a session outlives its files and the host: both are made again', async () => {
  const id = shared.init('Survive');
  shared.run('agent-start', 'planner');
  writeFileSync(join(shared.studioDir, 'orchestration', id, 'state.json'), '{"version": 1');
  await killHost(shared.studioDir);
  expect(shared.run('agent-complete', 'planner')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(shared.read(id, 'state.json')).agent_states).toMatchObject([{ status: 'completed' }]);
  rmSync(join(shared.studioDir, 'orchestration', id), { recursive: true });
  expect(shared.state()).toMatchObject({ goal: 'Survive', agent_states: [{ status: 'completed' }] });
});
