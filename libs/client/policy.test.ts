import { expect, test } from 'vitest';
import { policyHash, readRoutingPolicy } from '#orchestrations';
import { policyIn } from './policy.ts';

const another = async () => {
  const routing = await readRoutingPolicy();
  return { ...routing, disagreement: routing.disagreement / 2 };
};

test('a file is judged by the routing table that it carries', async () => {
  const routing = await another();
  const hash = policyHash(routing);
  expect(await policyIn(new Map([[hash, JSON.stringify(routing)]]), hash)).toEqual(routing);
});

test('one that was changed counts as none', async () => {
  const hash = policyHash(await another());
  expect(await policyIn(new Map([[hash, JSON.stringify(await readRoutingPolicy())]]), hash)).toBeNull();
});

test('a file without one is judged by the current table, where that is the one it names', async () => {
  const routing = await readRoutingPolicy();
  expect(await policyIn(new Map(), policyHash(routing))).toEqual(routing);
  expect(await policyIn(new Map(), 'f'.repeat(64))).toBeNull();
});
