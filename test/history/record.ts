import { existsSync, writeFileSync } from 'node:fs';
import { blobsOf, createMemoryEventLog, EMPTY_HEAD, type Event, exportLines, type Head } from '#events';
import { delivered } from './delivered.ts';

// Writes the golden logs that are not there yet: npx tsx test/history/record.ts
// A golden log is what a release wrote. It is replayed for ever and never written again; exports of real runs may be
// added beside these by hand.
const STREAM = 'orch_20260202_143052_a1b2c3d4e5f6';
const histories: Readonly<Record<string, readonly (readonly [Event, ...Event[]])[]>> = { 'v0.1-delivered': delivered };

const record = async (appends: readonly (readonly [Event, ...Event[]])[]): Promise<string> => {
  let ids = 0;
  const newId = () => `019c1f3e-7b54-7cc1-8a70-${String(++ids).padStart(12, '0')}`;
  const log = createMemoryEventLog({ newId });
  let expected: Head = EMPTY_HEAD;
  for (const [second, events] of appends.entries()) {
    const time = new Date(Date.UTC(2026, 1, 2, 14, 30, 52 + second)).toISOString();
    const trace = { actor: 'person:alice', correlationId: STREAM, causationId: `command-${second + 1}`, time };
    const recorded = await log.append({ stream: STREAM, expected, events, trace, index: { live: true, dueMs: null } });
    expected = recorded.at(-1) ?? expected;
  }
  const entries = await log.readStored(STREAM);
  const blobs = new Map<string, string>();
  for (const hash of entries.flatMap(({ body }) => blobsOf(body))) {
    blobs.set(hash, (await log.blob(STREAM, hash)) ?? '');
  }
  return `${[...exportLines({ stream: STREAM, entries, blobs, head: await log.head(STREAM) })].join('\n')}\n`;
};

for (const [name, appends] of Object.entries(histories)) {
  const file = new URL(`./${name}.jsonl`, import.meta.url);
  if (existsSync(file)) continue;
  writeFileSync(file, await record(appends), { flag: 'wx' });
  console.info(`recorded ${name}.jsonl`);
}
