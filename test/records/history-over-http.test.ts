import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CheckpointsDocument,
  CompareDocument,
  ForkDocument,
  HandoffsDocument,
  Problem,
  StateDocument,
} from '#contracts';
import { type Gateway, startGateway } from '#gateway';
import { createLogger } from '#runtime/logger';
import { builtInConfig, studioAt } from '../support/orchestration.ts';
import { testRedis } from '../support/redis.ts';

const { connect, tag } = testRedis();
const logger = createLogger({ name: 'test', level: 'error' });

let gateway: Gateway;
let id: string;
beforeAll(async () => {
  const redis = connect();
  const config = { ...(await builtInConfig()), gateway: { host: '127.0.0.1', port: 0 } };
  gateway = await startGateway({ redis, tag, config, version: '0', logger });
  const studio = await studioAt({ redis, tag });
  const answer = await studio.submit({ goal: 'Fix the login page' });
  if (answer.outcome !== 'created') throw new Error(answer.outcome);
  ({ id } = answer);
});
afterAll(() => gateway.stop());

const ask = async (path: string, body?: unknown): Promise<{ status: number; document: unknown }> => {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const reply = await fetch(`${gateway.url}/v1${path}`, body === undefined ? {} : request);
  return { status: reply.status, document: await reply.json() };
};

test('checkpoints are saved, listed and gone back to over HTTP', async () => {
  expect((await ask(`/orchestrations/${id}/checkpoint`, { name: 'here' })).status).toBe(200);
  const { document } = await ask(`/orchestrations/${id}/checkpoints`);
  const { checkpoints, latest } = CheckpointsDocument.parse(document);
  expect(checkpoints).toMatchObject([{ id: latest, name: 'here' }]);
  const resumed = await ask(`/orchestrations/${id}/resume`, { checkpoint: 'here' });
  expect(StateDocument.parse(resumed.document).version).toBeGreaterThan(checkpoints[0]?.version ?? 0);
});

test('a run is forked over HTTP, from a version or a checkpoint, under other settings', async () => {
  const changes = { engine: 'other', answers: { port: '80' }, budget_usd: 2, labels: { try: '2' } };
  const { status, document } = await ask(`/orchestrations/${id}/fork`, { at: 'here', ...changes });
  expect(status).toBe(201);
  const forked = ForkDocument.parse(document);
  expect(forked).toMatchObject({ from: id, checkpoint: expect.stringMatching(/^cp_/) });
  expect((await ask(`/orchestrations/${forked.id}`)).document).toMatchObject({ labels: { try: '2' } });
  expect(ForkDocument.parse((await ask(`/orchestrations/${id}/fork`, { at: 2 })).document)).toMatchObject({
    version: 2,
  });
  const none = await ask(`/orchestrations/${id}/fork`, { at: 99 });
  expect(none.status).toBe(422);
  expect(Problem.parse(none.document).detail).toContain('has versions 1 to ');
});

test('two runs are compared over HTTP', async () => {
  const forked = ForkDocument.parse((await ask(`/orchestrations/${id}/fork`, {})).document);
  const { document } = await ask(`/compare?left=${id}&right=${forked.id}`);
  expect(CompareDocument.parse(document).facts).toMatchObject({ right: { type: 'orchestration.forked' } });
  expect((await ask(`/compare?left=${id}&left_plan=1`)).status).toBe(422);
  expect((await ask(`/compare?left=${id}`)).status).toBe(422);
});

test('handoffs are shown over HTTP, and one that was not begun cannot be completed', async () => {
  const { document } = await ask(`/orchestrations/${id}/handoffs`);
  expect(HandoffsDocument.parse(document)).toEqual({ id, handoffs: [], incomplete: null });
  expect((await ask(`/orchestrations/${id}/handoff`, { context: { a: 1 } })).status).toBe(422);
});
