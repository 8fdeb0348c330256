import * as z from 'zod';
import type { Head, StoredEntry } from '../recorded.ts';
import { EXPORT_FORMAT, EXPORT_SPACES, type ExportedStream, type ExportSpace, frontOf } from './export-lines.ts';

export interface ExportProblem {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

export type ParsedExport =
  | (ExportedStream & { readonly ok: true })
  | { readonly ok: false; readonly problems: readonly ExportProblem[] };

const Line = z.union([
  z
    .strictObject({
      studio: z.literal('export'),
      format: z.literal(EXPORT_FORMAT),
      stream: z.string(),
      space: z.enum(EXPORT_SPACES).default('runs'),
    })
    .transform(({ stream, space }) => ({ kind: 'header' as const, stream, space })),
  z.strictObject({ blob: z.string(), content: z.string() }).transform((line) => ({ kind: 'blob' as const, ...line })),
  z
    .strictObject({ policy: z.string(), content: z.string() })
    .transform((line) => ({ kind: 'policy' as const, ...line })),
  z.strictObject({ claim: z.string(), payload: z.string() }).transform((line) => ({ kind: 'claim' as const, ...line })),
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
    return line.success
      ? line.data
      : 'is not a header, an event, a blob, a policy, a claim or an end of a Studio export';
  } catch {
    return 'is not JSON: the file was cut or is not a Studio export';
  }
};

/** Everything of an export that was read so far. */
interface Reading {
  header: { readonly stream: string; readonly space: ExportSpace } | null;
  head: Head | null;
  readonly entries: StoredEntry[];
  readonly blobs: Map<string, string>;
  readonly policies: Map<string, string>;
  readonly claims: Map<string, string>;
}

/** @returns what is wrong with the line, or `null` */
const take = (reading: Reading, text: string): string | null => {
  const line = parseLine(text);
  if (typeof line === 'string') return line;
  if (reading.head !== null) return 'follows the end: lines were moved, or another export follows';
  switch (line.kind) {
    case 'header':
      if (reading.header !== null) return 'is a second header: the end of the export before it is missing';
      reading.header = line;
      return null;
    case 'blob':
      reading.blobs.set(line.blob, line.content);
      return null;
    case 'policy':
      reading.policies.set(line.policy, line.content);
      return null;
    case 'claim':
      reading.claims.set(line.claim, line.payload);
      return null;
    case 'end':
      reading.head = line.end;
      return null;
    case 'bytes':
      reading.entries.push(line.entry);
      return null;
    case 'event': {
      const { version, hash } = line;
      const start = frontOf(version, hash);
      if (!text.startsWith(start)) return `was written again by another program: an event starts with ${start}…`;
      reading.entries.push({ version, hash, body: `{${text.slice(start.length)}` });
      return null;
    }
  }
};

/**
 * Reads the export of one stream back. Says what is wrong line by line; whether events were changed is for `verifyChain`
 * to say.
 * @param before lines of the file that were read before these
 */
export const parseExport = (lines: Iterable<string>, before = 0): ParsedExport => {
  const problems: ExportProblem[] = [];
  const reading: Reading = {
    header: null,
    head: null,
    entries: [],
    blobs: new Map(),
    policies: new Map(),
    claims: new Map(),
  };
  let number = before;
  for (const text of lines) {
    number += 1;
    const problem = text === '' ? null : take(reading, text);
    if (problem) problems.push({ line: number, problem });
  }
  const { header, head, entries, blobs, policies, claims } = reading;
  if (header === null) problems.unshift({ line: before + 1, problem: 'is not the header of a Studio export' });
  if (head === null)
    problems.push({ line: number, problem: 'is the last: an export ends with {"end":…}, the file was cut' });
  if (header === null || head === null || problems.length > 0) return { ok: false, problems };
  return { ok: true, space: header.space, stream: header.stream, entries, blobs, policies, claims, head };
};

const isEnd = (line: string): boolean => line.startsWith('{"end":');

/** The exports of a file, one after the other; only one is held at a time. A file without any is one that is wrong. */
export async function* parseExports(lines: AsyncIterable<string>): AsyncGenerator<ParsedExport, void> {
  let block: string[] = [];
  let before = 0;
  for await (const line of lines) {
    block.push(line);
    if (!isEnd(line)) continue;
    yield parseExport(block, before);
    before += block.length;
    block = [];
  }
  if (before === 0 || block.some((line) => line !== '')) yield parseExport(block, before);
}
