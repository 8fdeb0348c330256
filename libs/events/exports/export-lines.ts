import type { Head, StoredEntry } from '../recorded.ts';

/**
 * One stream as JSON lines, readable by people and by `jq`, with the exact bytes that were hashed:
 *
 *     {"studio":"export","format":1,"stream":"orch_…"}                another log space is named too: ,"space":"backlog"
 *     {"version":1,"hash":"…","id":"…","type":"goal.submitted",…}     one a line; after the hash come the stored bytes
 *     {"blob":"<sha-256>","content":"…"}                              a field that is kept apart, JSON as text
 *     {"policy":"<sha-256>","content":"…"}                            a policy that events name, JSON as text
 *     {"claim":"<idempotency key>","payload":"<sha-256>"}             a key that is this stream's
 *     {"end":{"version":27,"hash":"…"}}
 *
 * Bytes that are no JSON object (a damaged log is worth exporting too) stand as text: `{"version":…,"hash":…,"bytes":"…"}`.
 * A file of several streams is their exports, one behind the other.
 */
export const EXPORT_FORMAT = 1;

/** Where a stream is from: the runs, or the backlog, which has a log of its own. */
export const EXPORT_SPACES = ['runs', 'backlog'] as const;
export type ExportSpace = (typeof EXPORT_SPACES)[number];

export interface ExportedStream {
  readonly space: ExportSpace;
  readonly stream: string;
  readonly entries: readonly StoredEntry[];
  /** Content by hash. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Content by hash: with them decisions can be verified wherever the file is. */
  readonly policies: ReadonlyMap<string, string>;
  /** Payload hash by idempotency key. */
  readonly claims: ReadonlyMap<string, string>;
  /** As the log's index had it. */
  readonly head: Head;
}

export const frontOf = (version: number, hash: string): string =>
  `{"version":${version},"hash":${JSON.stringify(hash)},`;

const isPlain = (body: string): boolean => {
  if (!body.startsWith('{"id":') || body.includes('\n') || body.includes('\r')) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
};

export const exportHeader = (stream: string, space: ExportSpace = 'runs'): string =>
  JSON.stringify({ studio: 'export', format: EXPORT_FORMAT, stream, ...(space === 'runs' ? {} : { space }) });
export const exportEntry = ({ version, hash, body }: StoredEntry): string =>
  frontOf(version, hash) + (isPlain(body) ? body.slice(1) : `"bytes":${JSON.stringify(body)}}`);
export const exportBlob = (hash: string, content: string): string => JSON.stringify({ blob: hash, content });
export const exportPolicy = (hash: string, content: string): string => JSON.stringify({ policy: hash, content });
export const exportClaim = (key: string, payload: string): string => JSON.stringify({ claim: key, payload });
export const exportFooter = ({ version, hash }: Head): string => JSON.stringify({ end: { version, hash } });

/** The lines of an export, without line ends. For streams too large to hold, use the parts above page by page. */
export function* exportLines(exported: ExportedStream): Generator<string> {
  yield exportHeader(exported.stream, exported.space);
  for (const entry of exported.entries) yield exportEntry(entry);
  for (const [hash, content] of exported.blobs) yield exportBlob(hash, content);
  for (const [hash, content] of exported.policies) yield exportPolicy(hash, content);
  for (const [key, payload] of exported.claims) yield exportClaim(key, payload);
  yield exportFooter(exported.head);
}
