import { expect, test } from 'vitest';
import { sha256 } from '../codec/chain.ts';
import { blobsOf, eventCodec } from '../codec/codec.ts';
import { createMemoryEventLog } from '../log/memory-event-log.ts';
import { appendOf, large } from '../testing.ts';
import { type ExportedStream, exportLines } from './export-lines.ts';
import { type ParsedExport, parseExport, parseExports } from './parse-export.ts';
import { verifyExport } from './verify-export.ts';

const exported = async (): Promise<ExportedStream> => {
  const log = createMemoryEventLog();
  const request = appendOf('orch', 'line\nbreak', 'ünïcödé  "quoted"');
  await log.append({ ...request, events: [...request.events, large(20_000)] });
  const entries = await log.readStored('orch');
  const hashes = entries.flatMap(({ body }) => blobsOf(body));
  const blobs = new Map(
    await Promise.all(hashes.map(async (hash) => [hash, (await log.blob('orch', hash)) ?? ''] as const)),
  );
  return {
    space: 'runs',
    stream: 'orch',
    entries,
    blobs,
    policies: new Map([[sha256('{"a":1}'), '{"a":1}']]),
    claims: new Map([['nightly', 'f'.repeat(64)]]),
    head: await log.head('orch'),
  };
};

const problemsOf = (lines: readonly string[]) => {
  const parsed = parseExport(lines);
  return parsed.ok ? [] : parsed.problems;
};

test('a round trip keeps every byte, and the hashes verify', async () => {
  const stream = await exported();
  const parsed = parseExport([...exportLines(stream)].join('\n').split('\n'));
  expect(parsed).toEqual({ ok: true, ...stream });
  if (parsed.ok) expect(verifyExport(parsed)).toMatchObject({ ok: true, version: 3 });
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
  expect(problemsOf(lines.slice(0, -1))).toMatchObject([{ line: 7, problem: expect.stringContaining('cut') }]);
  expect(problemsOf(lines.slice(1))).toMatchObject([{ line: 1, problem: expect.stringContaining('header') }]);
  expect(problemsOf(lines.with(2, '{"version":2'))).toMatchObject([
    { line: 3, problem: expect.stringContaining('JSON') },
  ]);
  expect(problemsOf(lines.with(2, '{"hello":1}'))).toMatchObject([{ line: 3 }]);
  expect(problemsOf([...lines, lines[1] ?? ''])).toMatchObject([{ line: 9, problem: expect.stringContaining('end') }]);
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

const allOf = async (lines: readonly string[]): Promise<readonly ParsedExport[]> => {
  const source = async function* () {
    yield* lines;
  };
  const found: ParsedExport[] = [];
  for await (const parsed of parseExports(source())) found.push(parsed);
  return found;
};

test('a file of several exports gives each of them, and a line that is wrong is named as the file has it', async () => {
  const stream = await exported();
  const backlog: ExportedStream = { ...stream, space: 'backlog', stream: 'backlog' };
  const lines = [...exportLines(stream), ...exportLines(backlog)];
  expect(await allOf(lines)).toEqual([
    { ok: true, ...stream },
    { ok: true, ...backlog },
  ]);
  const [whole, cut, ...rest] = await allOf(lines.slice(0, -1));
  expect(whole).toMatchObject({ ok: true });
  expect(cut).toMatchObject({ ok: false, problems: [{ line: lines.length - 1 }] });
  expect(rest).toEqual([]);
  expect(await allOf([])).toMatchObject([{ ok: false }]);
});

test('content that is kept apart is verified too: changed or missing, it is found', async () => {
  const stream = await exported();
  const [[blob = ''] = []] = stream.blobs;
  expect(verifyExport({ ...stream, blobs: new Map() })).toMatchObject({ ok: false, version: 3 });
  expect(verifyExport({ ...stream, blobs: new Map([[blob, '"y"']]) })).toMatchObject({ ok: false, problem: 'changed' });
  const policies = new Map([...stream.policies].map(([hash]) => [hash, '{"a":2}'] as const));
  expect(verifyExport({ ...stream, policies })).toMatchObject({ ok: false, problem: 'changed' });
});
