import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptIn } from './scripts.ts';

const { run } = scriptIn('context-manager.sh');

const POOLS = [
  ['reserved', 30_000, 35_000],
  ['learnings', 20_000, 25_000],
  ['backlog', 15_000, 20_000],
  ['plans', 30_000, 35_000],
  ['context7', 25_000, 30_000],
  ['working', 30_000, 40_000],
] as const;

test('without a pool, and for all, it is the same table with a row a pool and its limits', () => {
  const { code, out } = run('budget');
  expect(code).toBe(0);
  expect(run('budget', 'all').out).toBe(out);
  expect(out).toContain('CONTEXT BUDGET STATUS');
  for (const [pool, soft, hard] of POOLS) expect(out).toMatch(new RegExp(`^${pool} +\\d+ +${soft} +${hard} +OK$`, 'm'));
  expect(out).toMatch(/^TOTAL +\d+ +150000 +185000 +OK \(\d+%\)$/m);
});

test.each(POOLS)('budget %s tells use, soft limit %d and hard limit %d', (pool, soft, hard) => {
  const { code, out } = run('budget', pool);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^Pool: ${pool}$`, 'm'));
  expect(out).toMatch(/^Used: \d+ tokens$/m);
  expect(out).toMatch(new RegExp(`^Soft Limit: ${soft} tokens$`, 'm'));
  expect(out).toMatch(new RegExp(`^Hard Limit: ${hard} tokens$`, 'm'));
});

test('another name is "Unknown pool", exit 1, and nothing on standard output', () => {
  const { code, out, err } = run('budget', 'elsewhere');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('[Context] Unknown pool: elsewhere');
});

test('each pool is used by its own files', () => {
  const words = (count: number) => 'word '.repeat(count);
  const project = scriptIn('context-manager.sh');
  project.put('studio/learnings/global.md', words(100));
  project.put('studio/learnings/backend.md', words(200));
  project.put('studio/learnings/notes.txt', words(1_000));
  project.put('.studio/tasks/task_a/plan.json', 'x'.repeat(330));
  project.put('.studio/tasks/task_b/plan.json', 'x'.repeat(660));
  project.put('.studio/backlog.json', 'x'.repeat(33));
  project.put('.studio/.cache/context7/react.txt', 'x'.repeat(400));
  const state = (used: number) => JSON.stringify({ agent_states: [{ context_used: used }, { context_used: 1 }] });
  project.put('.studio/orchestration/orch_a/state.json', state(1_000));
  project.put('.studio/orchestration/orch_b/state.json', state(200));
  const used = (pool: string) => /Used: (\d+)/.exec(project.run('budget', pool).out)?.[1];
  expect(used('learnings')).toBe('390');
  expect(used('plans')).toBe('300');
  expect(used('backlog')).toBe('10');
  expect(used('context7')).toBe('100');
  expect(used('working')).toBe('1202');
  expect(project.run('budget').out).toMatch(/^learnings +390 /m);
});

test('the reserved pool holds what the plugin tells an agent', () => {
  expect(Number(/Used: (\d+)/.exec(run('budget', 'reserved').out)?.[1])).toBeGreaterThan(100);
});

test('a session file that is no document uses nothing', () => {
  const project = scriptIn('context-manager.sh');
  project.put('.studio/orchestration/orch_a/state.json', '{"agent_states": [{"context_used": 5');
  project.put('.studio/orchestration/orch_b/state.json', '{"agent_states": null}');
  expect(project.run('budget', 'working').out).toContain('Used: 0 tokens');
});

test('from 80 % of the soft limit a pool is WARNING, from the hard limit it is EXCEEDED', () => {
  const project = scriptIn('context-manager.sh');
  const status = (tokens: number) => {
    project.put('.studio/backlog.json', 'x'.repeat(Math.ceil(tokens * 3.3)));
    return /^backlog .* (\S+)$/m.exec(project.run('budget').out)?.[1];
  };
  expect(status(11_990)).toBe('OK');
  expect(status(12_000)).toBe('WARNING');
  expect(status(19_990)).toBe('WARNING');
  expect(status(20_001)).toBe('EXCEEDED');
});

test('STUDIO_DIR and LEARNINGS_DIR say where the files are', () => {
  const project = scriptIn('context-manager.sh');
  project.put('state/backlog.json', 'x'.repeat(330));
  project.put('learned/global.md', 'word '.repeat(10));
  const env = { STUDIO_DIR: 'state', LEARNINGS_DIR: join(project.folder, 'learned') };
  expect(project.runWith(env, 'budget', 'backlog').out).toContain('Used: 100 tokens');
  expect(project.runWith(env, 'budget', 'learnings').out).toContain('Used: 13 tokens');
});
