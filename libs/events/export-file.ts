import * as z from 'zod';
import type { Head, StoredEntry } from './recorded.ts';

/**
 * One stream as JSON lines, readable by people and by `jq`, with the exact bytes that were hashed:
 *
 *     {"studio":"export","format":1,"stream":"orch_…"}
 *     {"version":1,"hash":"…","id":"…","type":"goal.submitted",…}     one a line; after the hash come the stored bytes
 *     {"blob":"<sha-256>","content":"…"}                              a field that is kept apart, JSON as text
 *     {"end":{"version":27,"hash":"…"}}
 *
 * Bytes that are no JSON object (a damaged log is worth exporting too) stand as text: `{"version":…,"hash":…,"bytes":"…"}`.
 */
export const EXPORT_FORMAT = 1;

export interface ExportedStream {
  readonly stream: string;
  readonly entries: readonly StoredEntry[];
  /** Content by hash. */
  readonly blobs: ReadonlyMap<string, string>;
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

export const exportHeader = (stream: string): string => JSON.stringify({ studio: 'export', format: EXPORT_FORMAT, stream });
export const exportEntry = ({ version, hash, body }: StoredEntry): string =>
  front(version, hash) + (isPlain(body) ? body.slice(1) : `"bytes":${JSON.stringify(body)}}`);
export const exportBlob = (hash: string, content: string): string => JSON.stringify({ blob: hash, content });
export const exportFooter = ({ version, hash }: Head): string => JSON.stringify({ end: { version, hash } });

/** The lines of an export, without line ends. For streams too large to hold, use the parts above page by page. */
export function* exportLines({ stream, entries, blobs, head }: ExportedStream): Generator<string> {
  yield exportHeader(stream);
  for (const entry of entries) yield exportEntry(entry);
  for (const [hash, content] of blobs) yield exportBlob(hash, content);
  yield exportFooter(head);
}

const Line = z.union([
  z.strictObject({ studio: z.literal('export'), format: z.literal(EXPORT_FORMAT), stream: z.string() }),
  z.strictObject({ blob: z.string(), content: z.string() }),
  z.strictObject({ end: z.strictObject({ version: z.int().nonnegative(), hash: z.string() }) }),
  z.strictObject({ version: z.int(), hash: z.string(), bytes: z.string() }),
  z.looseObject({ version: z.int(), hash: z.string(), id: z.string(), type: z.string() }),
]);
type Line = z.infer<typeof Line>;

const parseLine = (text: string): Line | string => {
  try {
    const line = Line.safeParse(JSON.parse(text));
    return line.success ? line.data : 'is not a header, an event, a blob or an end of a Studio export';
  } catch {
    return 'is not JSON: the file was cut or is not a Studio export';
  }
};

const entryOf = (text: string, line: Extract<Line, { version: number }>): StoredEntry | string => {
  const { version, hash } = line;
  if ('bytes' in line && typeof line.bytes === 'string' && !('id' in line)) return { version, hash, body: line.bytes };
  const start = front(version, hash);
  if (text.startsWith(start)) return { version, hash, body: `{${text.slice(start.length)}` };
  return `was written again by another program: an event starts with ${start}… and its bytes must not change`;
};

/** Reads an export back. Says what is wrong line by line; whether events were changed is for `verifyChain` to say. */
export const parseExport = (lines: Iterable<string>): ParsedExport => {
  const problems: ExportProblem[] = [];
  const entries: StoredEntry[] = [];
  const blobs = new Map<string, string>();
  let stream: string | null = null;
  let head: Head | null = null;
  let number = 0;

  const take = (text: string): string | null => {
    const line = parseLine(text);
    if (typeof line === 'string') return line;
    if (head) return 'follows the end: two files were joined, or lines were moved';
    if ('studio' in line && 'stream' in line) {
      if (number > 1) return 'is a second header: an export holds one stream';
      stream = String(line.stream);
      return null;
    }
    if ('blob' in line && 'content' in line) blobs.set(String(line.blob), String(line.content));
    else if ('version' in line) {
      const entry = entryOf(text, line);
      if (typeof entry === 'string') return entry;
      entries.push(entry);
    } else if ('end' in line) head = line.end;
    return null;
  };

  for (const text of lines) {
    number += 1;
    if (text === '') continue;
    const problem = take(text);
    if (problem) problems.push({ line: number, problem });
  }
  if (stream === null) problems.unshift({ line: 1, problem: 'is not the header of a Studio export' });
  if (head === null) problems.push({ line: number + 1, problem: 'is missing: an export ends with {"end":…}; the file was cut' });
  if (stream === null || head === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, stream, entries, blobs, head };
};
