import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { CheckpointsDocument, CompareDocument, ForkDocument, HandoffsDocument, StateDocument } from '#contracts';
import { testRedis } from '../support/redis.ts';
import { studioIn } from './studio.ts';

const { url, tag } = testRedis();
const { folder, run } = studioIn({ REDIS_URL: url, STUDIO_TAG: tag });

const documentOf = async (...argv: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await run([...argv, '--json']);
  expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
  return JSON.parse(stdout);
};

let id: string;
beforeAll(async () => {
  const answer = (await documentOf('submit', 'Fix the login page', '--label', 'team=web')) as { id: string };
  ({ id } = answer);
  await run(['rebuild']);
});

test('a checkpoint is saved on demand, of the newest run where none is named, and listed', async () => {
  StateDocument.parse(await documentOf('checkpoint', id, 'here'));
  await documentOf('checkpoint', 'there');
  const { checkpoints, latest } = CheckpointsDocument.parse(await documentOf('checkpoints', id));
  expect(checkpoints.map(({ name }) => name)).toEqual(['here', 'there']);
  expect(latest).toBe(checkpoints[1]?.id);
  const { stdout } = await run(['checkpoints']);
  expect(stdout).toContain('latest');
  expect(stdout).toContain(`studio resume ${id} ${latest}`);
});

test('a run goes back to the checkpoint that is named, by name or id', async () => {
  await documentOf('resume', id, 'here');
  const { checkpoints, latest } = CheckpointsDocument.parse(await documentOf('checkpoints', id));
  expect(checkpoints).toHaveLength(2);
  expect(latest).toBe(checkpoints[0]?.id);
  await documentOf('resume', checkpoints[1]?.id ?? '');
  const { code, stderr } = await run(['resume', id, 'nowhere']);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/it has cp_\d+ \(here\)/) });
});

test('a fork is stored under other settings, told, and compared with where it comes from', async () => {
  const answers = join(folder, 'answers.yaml');
  writeFileSync(answers, 'port: 8080\n');
  const settings = ['--engine', 'other', '--answers', answers, '--budget', '2.50', '--label', 'try=2', '--detach'];
  const forked = ForkDocument.parse(await documentOf('fork', id, '--at', 'here', ...settings));
  expect(forked).toMatchObject({ from: id, checkpoint: expect.stringMatching(/^cp_\d+$/) });
  expect(StateDocument.parse(await documentOf('state', forked.id))).toMatchObject({
    labels: { team: 'web', try: '2' },
    forked_from: { orchestration: id, version: forked.version },
    goal: 'Fix the login page',
  });
  const { facts, files } = CompareDocument.parse(await documentOf('compare', id, forked.id));
  expect(facts).toMatchObject({ same: false, shared: expect.any(Number), right: { type: 'orchestration.forked' } });
  expect(files).toMatchObject({ same: null, why_not: `${id} has no files so far` });
  const { stdout } = await run(['compare', id, forked.id]);
  expect(stdout).toMatch(/the facts part after \d+ facts that both have/);
  expect(stdout).toContain(`forked from ${id}`);
});

test('of a fork every decision verifies, and its log too', async () => {
  const { id: forked } = ForkDocument.parse(await documentOf('fork', id, '--at', '2', '--detach'));
  expect(await documentOf('replay', forked, '--verify')).toMatchObject({ outcome: 'agrees' });
  expect(await documentOf('verify', forked)).toMatchObject({ ok: true, stream: forked });
  const { stdout } = await run(['fork', id, '--at', '2', '--detach']);
  expect(stdout).toMatch(new RegExp(`^orch_\\S+, from version 2 of ${id}\n`));
});

test('a fork that cannot be is refused, with what would be possible', async () => {
  expect(await run(['fork', id, '--at', '999', '--detach'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`${id} has versions 1 to `),
  });
  expect(await run(['fork', id, '--budget', 'much'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('a budget is an amount in US dollars'),
  });
});

test('where nothing was handed over, that is what is shown', async () => {
  expect(HandoffsDocument.parse(await documentOf('handoff', 'show', id))).toEqual({
    id,
    handoffs: [],
    incomplete: null,
  });
  expect((await run(['handoff', 'show', id])).stdout).toBe(`nothing was handed over in ${id} so far\n`);
  expect(await run(['handoff', 'complete', id, '--context', '{"a": 1}'])).toMatchObject({ code: 2 });
  expect(await run(['handoff', 'complete', id])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--context'),
  });
});
