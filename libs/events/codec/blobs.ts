import { sha256 } from './chain.ts';

/** Fields of `data` whose JSON is larger are kept apart, so that reading a stream stays cheap. */
export const MAX_FIELD_BYTES = 16 * 1024;

const MARK = '"$blob"';

export interface Extracted {
  /** JSON of `data`, with references in place of large fields. */
  readonly json: string;
  /** Content by SHA-256, hex. */
  readonly blobs: ReadonlyMap<string, string>;
}

type Fields = Readonly<Record<string, unknown>>;

/** The hash that a field names when it is a reference, else `null`. */
const referenceOf = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null || !('$blob' in value)) return null;
  return typeof value.$blob === 'string' && Object.keys(value).length === 1 ? value.$blob : null;
};

/**
 * Takes large top-level fields out of `data`. A small field that happens to look like a reference is taken out too:
 * that way every reference in stored bytes is ours, and any data survives the round trip.
 */
export const extractBlobs = (data: Fields): Extracted => {
  const whole = JSON.stringify(data);
  if (Buffer.byteLength(whole) <= MAX_FIELD_BYTES && !whole.includes(MARK)) return { json: whole, blobs: new Map() };
  const blobs = new Map<string, string>();
  const parts: string[] = [];
  for (const [name, value] of Object.entries(data)) {
    // JSON.stringify is typed as string, but gives undefined for undefined: such a field is absent in JSON
    const json: string | undefined = JSON.stringify(value);
    if (json === undefined) continue;
    const apart = Buffer.byteLength(json) > MAX_FIELD_BYTES || referenceOf(value) !== null;
    const hash = apart ? sha256(json) : '';
    if (apart) blobs.set(hash, json);
    parts.push(`${JSON.stringify(name)}:${apart ? `{${MARK}:"${hash}"}` : json}`);
  }
  return { json: `{${parts.join(',')}}`, blobs };
};

/** Cheap test: false means that stored bytes name no blob, true that they may. */
export const mayNameBlobs = (body: string): boolean => body.includes(MARK);

/** Whether a top-level field of `data` is a reference. */
export const namesBlobs = (data: Fields): boolean => {
  for (const name in data) if (referenceOf(data[name]) !== null) return true;
  return false;
};

/** Hashes of the blobs that the top-level fields of `data` name. */
export const blobsNamedBy = (data: Fields): readonly string[] =>
  Object.values(data)
    .map(referenceOf)
    .filter((hash) => hash !== null);

/**
 * `data` with its blobs put back.
 * @returns the hash of the first blob that is missing or has other content, as a string, else the data
 */
export const restoreBlobs = (data: Fields, contentOf: (hash: string) => string | null | undefined): Fields | string => {
  const restored: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const hash = referenceOf(value);
    if (hash === null) {
      restored[name] = value;
      continue;
    }
    const content = contentOf(hash);
    if (typeof content !== 'string' || sha256(content) !== hash) return hash;
    restored[name] = JSON.parse(content);
  }
  return restored;
};
