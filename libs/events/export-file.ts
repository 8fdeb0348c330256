import * as z from 'zod';
import type { Head, StoredEntry } from './recorded.ts';

/**
 * One stream as JSON lines, readable by people and by `jq`, with the exact bytes that were hashed:
 *
 *     {"studio":"export","format":1,"stream":"orch_…"}
 *     {"version":1,"hash":"…","id":"…","type":"goal.submitted",…}     one a line; after the hash come the stored bytes
 *     {"blob":"<sha-256>","content":"…"}                              a field that is kept apart, JSON as text
 *     {"policy":"<sha-256>","content":"…"}                            a policy that events name, JSON as text
 *     {"end":{"version":27,"hash":"…"}}
 *
 * Bytes that are no JSON object (a damaged log is worth exporting too) stand as text: `{"version":…,"hash":…,"bytes":"…"}`.
 */
const EXPORT_FORMAT = 1;

export interface ExportedStream {
  readonly stream: string;
  readonly entries: readonly StoredEntry[];
  /** Content by hash. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Content by hash: with them decisions can be verified wherever the file is. */
  readonly policies: ReadonlyMap<string, string>;
  /** As the log's index had it. */
  readonly head: Head;
}

export interface ExportProblem {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

export type ParsedExport =
  | (ExportedStream & { readonly ok: true })
  | { readonly ok: false; readonly problems: readonly ExportProblem[] };

const front = (version: number, hash: string) => `{"version":${version},"hash":${JSON.stringify(hash)},`;

const isPlain = (body: string): boolean => {
  if (!body.startsWith('{"id":') || body.includes('\n') || body.includes('\r')) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
};

export const exportHeader = (stream: string): string =>
  JSON.stringify({ studio: 'export', format: EXPORT_FORMAT, stream });
export const exportEntry = ({ version, hash, body }: StoredEntry): string =>
  front(version, hash) + (isPlain(body) ? body.slice(1) : `"bytes":${JSON.stringify(body)}}`);
export const exportBlob = (hash: string, content: string): string => JSON.stringify({ blob: hash, content });
export const exportPolicy = (hash: string, content: string): string => JSON.stringify({ policy: hash, content });
export const exportFooter = ({ version, hash }: Head): string => JSON.stringify({ end: { version, hash } });

/** The lines of an export, without line ends. For streams too large to hold, use the parts above page by page. */
export function* exportLines({ stream, entries, blobs, policies, head }: ExportedStream): Generator<string> {
  yield exportHeader(stream);
  for (const entry of entries) yield exportEntry(entry);
  for (const [hash, content] of blobs) yield exportBlob(hash, content);
  for (const [hash, content] of policies) yield exportPolicy(hash, content);
  yield exportFooter(head);
}

const Line = z.union([
  z
    .strictObject({ studio: z.literal('export'), format: z.literal(EXPORT_FORMAT), stream: z.string() })
    .transform(({ stream }) => ({ kind: 'header' as const, stream })),
  z.strictObject({ blob: z.string(), content: z.string() }).transform((line) => ({ kind: 'blob' as const, ...line })),
  z
    .strictObject({ policy: z.string(), content: z.string() })
    .transform((line) => ({ kind: 'policy' as const, ...line })),
  z
    .strictObject({ end: z.strictObject({ version: z.int().nonnegative(), hash: z.string() }) })
    .transform(({ end }) => ({ kind: 'end' as const, end })),
  z
    .strictObject({ version: z.int(), hash: z.string(), bytes: z.string() })
    .transform(({ version, hash, bytes }) => ({ kind: 'bytes' as const, entry: { version, hash, body: bytes } })),
  z
    .object({ version: z.int(), hash: z.string(), id: z.string() })
    .transform(({ version, hash }) => ({ kind: 'event' as const, version, hash })),
]);
type Line = z.infer<typeof Line>;

const parseLine = (text: string): Line | string => {
  try {
    const line = Line.safeParse(JSON.parse(text));
    return line.success ? line.data : 'is not a header, an event, a blob, a policy or an end of a Studio export';
  } catch {
    return 'is not JSON: the file was cut or is not a Studio export';
  }
};

/** Everything of an export that was read so far. */
interface Reading {
  stream: string | null;
  head: Head | null;
  readonly entries: StoredEntry[];
  readonly blobs: Map<string, string>;
  readonly policies: Map<string, string>;
}

/** @returns what is wrong with the line, or `null` */
const take = (reading: Reading, text: string): string | null => {
  const line = parseLine(text);
  if (typeof line === 'string') return line;
  if (reading.head !== null) return 'follows the end: two files were joined, or lines were moved';
  switch (line.kind) {
    case 'header':
      if (reading.stream !== null) return 'is a second header: an export holds one stream';
      reading.stream = line.stream;
      return null;
    case 'blob':
      reading.blobs.set(line.blob, line.content);
      return null;
    case 'policy':
      reading.policies.set(line.policy, line.content);
      return null;
    case 'end':
      reading.head = line.end;
      return null;
    case 'bytes':
      reading.entries.push(line.entry);
      return null;
    case 'event': {
      const { version, hash } = line;
      const start = front(version, hash);
      if (!text.startsWith(start)) return `was written again by another program: an event starts with ${start}…`;
      reading.entries.push({ version, hash, body: `{${text.slice(start.length)}` });
      return null;
    }
  }
};

/** Reads an export back. Says what is wrong line by line; whether events were changed is for `verifyChain` to say. */
export const parseExport = (lines: Iterable<string>): ParsedExport => {
  const problems: ExportProblem[] = [];
  const reading: Reading = { stream: null, head: null, entries: [], blobs: new Map(), policies: new Map() };
  let number = 0;
  for (const text of lines) {
    number += 1;
    const problem = text === '' ? null : take(reading, text);
    if (problem) problems.push({ line: number, problem });
  }
  const { stream, head, entries, blobs, policies } = reading;
  if (stream === null) problems.unshift({ line: 1, problem: 'is not the header of a Studio export' });
  if (head === null)
    problems.push({ line: number, problem: 'is the last: an export ends with {"end":…}, the file was cut' });
  if (stream === null || head === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, stream, entries, blobs, policies, head };
};
