import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventCodec, parseExport, verifyChain } from '#events';

const folder = new URL('./', import.meta.url);
const logs = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

const exportOf = (name: string) => {
  const parsed = parseExport(readFileSync(new URL(name, folder), 'utf8').split('\n'));
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.problems)}`);
  return parsed;
};

test('there is a golden log: npx tsx test/history/record.ts writes it', () => {
  expect(logs.length).toBeGreaterThan(0);
});

describe.each(logs)('the golden log %s', (name) => {
  test('has every byte that was recorded', () => {
    const { entries, head } = exportOf(name);
    expect(verifyChain(entries, head)).toEqual({ ok: true, ...head });
  });

  test('is read by the code of today', () => {
    const { stream, entries, blobs } = exportOf(name);
    const events = entries.map((entry) => eventCodec.decode(stream, entry, (hash) => blobs.get(hash)));
    expect(events.map(({ version }) => version)).toEqual(entries.map((_, i) => i + 1));
  });
});
