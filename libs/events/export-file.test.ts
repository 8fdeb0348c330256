import { expect, test } from 'vitest';
import { blobsOf, eventCodec } from './codec/codec.ts';
import { type ExportedStream, exportLines, parseExport } from './export-file.ts';
import { createMemoryEventLog } from './log/memory-event-log.ts';
import { appendOf, large } from './testing.ts';
import { verifyChain } from './verify-chain.ts';

const exported = async (): Promise<ExportedStream> => {
  const log = createMemoryEventLog();
  const request = appendOf('orch', 'line\nbreak', 'ünïcödé  "quoted"');
  await log.append({ ...request, events: [...request.events, large(20_000)] });
  const entries = await log.readStored('orch');
  const hashes = entries.flatMap(({ body }) => blobsOf(body));
  const blobs = new Map(
    await Promise.all(hashes.map(async (hash) => [hash, (await log.blob('orch', hash)) ?? ''] as const)),
  );
  return { stream: 'orch', entries, blobs, policies: new Map([['abc', '{"a":1}']]), head: await log.head('orch') };
};

const problemsOf = (lines: readonly string[]) => {
  const parsed = parseExport(lines);
  return parsed.ok ? [] : parsed.problems;
};

test('a round trip keeps every byte, and the hashes verify', async () => {
  const stream = await exported();
  const parsed = parseExport([...exportLines(stream)].join('\n').split('\n'));
  expect(parsed).toEqual({ ok: true, ...stream });
  if (parsed.ok) expect(verifyChain(parsed.entries, parsed.head)).toMatchObject({ ok: true, version: 3 });
});

test('events are readable lines: version, hash, then the fields of the event', async () => {
  const [, line = ''] = exportLines(await exported());
  expect(JSON.parse(line)).toMatchObject({ version: 1, type: 'agent.progressed', data: { message: 'line\nbreak' } });
  expect(Object.keys(JSON.parse(line)).slice(0, 4)).toEqual(['version', 'hash', 'id', 'type']);
});

test('events and blobs of a file decode as they were recorded', async () => {
  const parsed = parseExport(exportLines(await exported()));
  expect(parsed.ok).toBe(true);
  if (!parsed.ok) return;
  const data = parsed.entries.map((entry) => eventCodec.decode('orch', entry, (hash) => parsed.blobs.get(hash)).data);
  expect(data[2]).toEqual({ reason: 'x'.repeat(20_000) });
});

test('a damaged log can be exported too, bytes that are no JSON included', async () => {
  const stream = await exported();
  const entries = stream.entries.map((entry) => (entry.version === 2 ? { ...entry, body: '{"id":\n broken' } : entry));
  const parsed = parseExport(exportLines({ ...stream, entries }));
  expect(parsed).toMatchObject({ ok: true, entries });
});

test('problems are named by line', async () => {
  const lines = [...exportLines(await exported())];
  expect(problemsOf([])).toMatchObject([{ line: 1 }, { line: 0, problem: expect.stringContaining('cut') }]);
  expect(problemsOf(lines.slice(0, -1))).toMatchObject([{ line: 6, problem: expect.stringContaining('cut') }]);
  expect(problemsOf(lines.slice(1))).toMatchObject([{ line: 1, problem: expect.stringContaining('header') }]);
  expect(problemsOf(lines.with(2, '{"version":2'))).toMatchObject([
    { line: 3, problem: expect.stringContaining('JSON') },
  ]);
  expect(problemsOf(lines.with(2, '{"hello":1}'))).toMatchObject([{ line: 3 }]);
  expect(problemsOf([...lines, lines[1] ?? ''])).toMatchObject([{ line: 8, problem: expect.stringContaining('end') }]);
  expect(problemsOf([lines[0] ?? '', ...lines])).toMatchObject([
    { line: 2, problem: expect.stringContaining('second') },
  ]);
});

test('a line that another program wrote again is named: its bytes are lost', async () => {
  const lines = [...exportLines(await exported())];
  const spaced = JSON.stringify(JSON.parse(lines[1] ?? ''), null, 1).replaceAll('\n', '');
  expect(problemsOf(lines.with(1, spaced))).toMatchObject([
    { line: 2, problem: expect.stringContaining('another program') },
  ]);
});
