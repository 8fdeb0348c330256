import { expect, test } from 'vitest';
import { chainHash } from './codec/chain.ts';
import type { StoredEntry } from './recorded.ts';
import { verifyChain } from './verify-chain.ts';

const chain = (...bodies: readonly string[]): readonly StoredEntry[] => {
  const entries: StoredEntry[] = [];
  for (const body of bodies) {
    const hash = chainHash(entries.at(-1)?.hash ?? '', body);
    entries.push({ version: entries.length + 1, hash, body });
  }
  return entries;
};
const whole = chain('one', 'two', 'three');
const head = { version: 3, hash: whole[2]?.hash ?? '' };

test('a whole chain is right, and so is an empty one', () => {
  expect(verifyChain(whole, head)).toEqual({ ok: true, ...head });
  expect(verifyChain([], { version: 0, hash: '' })).toEqual({ ok: true, version: 0, hash: '' });
});

test('changed bytes are found at their version', () => {
  const changed = whole.map((entry) => (entry.version === 2 ? { ...entry, body: 'two!' } : entry));
  expect(verifyChain(changed, head)).toMatchObject({ ok: false, version: 2, problem: 'changed' });
});

test('an event whose bytes and hash were both changed is found at the next one', () => {
  const forged = whole.map((entry) =>
    entry.version === 2 ? { ...entry, body: 'forged', hash: chainHash(whole[0]?.hash ?? '', 'forged') } : entry,
  );
  expect(verifyChain(forged, head)).toMatchObject({ ok: false, version: 3, problem: 'changed' });
});

test('a missing event, and one out of order, is a gap', () => {
  expect(verifyChain([...whole.slice(0, 1), ...whole.slice(2)], head)).toMatchObject({ version: 2, problem: 'gap' });
  expect(verifyChain(whole.toReversed(), head)).toMatchObject({ version: 1, problem: 'gap' });
});

test('a log that ends before its head, or goes on after it, is found', () => {
  expect(verifyChain(whole.slice(0, 2), head)).toMatchObject({ ok: false, version: 3, problem: 'short' });
  expect(verifyChain(whole, { version: 2, hash: whole[1]?.hash ?? '' })).toMatchObject({ version: 3, problem: 'long' });
});

test('a whole chain that was forged as a whole is found by the head', () => {
  expect(verifyChain(chain('one', 'zwei', 'three'), head)).toMatchObject({ ok: false, version: 3, problem: 'head' });
});
