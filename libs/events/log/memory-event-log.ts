import { NotFound } from '#contracts';
import { EMPTY_HEAD } from '../codec/chain.ts';
import { type Codec, eventCodec } from '../codec/codec.ts';
import { AppendConflict } from '../errors.ts';
import type { Head, StoredEntry } from '../recorded.ts';
import { wentBack } from './append-errors.ts';
import type { AppendRequest, EventLog, Rejection } from './event-log.ts';
import { DEFAULT_DUE, DEFAULT_PAGE, MAX_REJECTIONS } from './limits.ts';
import { newEventId } from './new-id.ts';
import { canonicalTime, prepareAppend } from './prepare-append.ts';

interface MemoryStream {
  readonly entries: StoredEntry[];
  readonly blobs: Map<string, string>;
  time: string;
  live: boolean;
  dueMs: number | null;
}

export interface MemoryEventLogOptions {
  readonly codec?: Codec;
  readonly newId?: () => string;
}

const headOf = (entries: readonly StoredEntry[]): Head => {
  const last = entries.at(-1);
  return last ? { version: last.version, hash: last.hash } : EMPTY_HEAD;
};

const checkHead = ({ stream, expected }: AppendRequest, entries: readonly StoredEntry[]) => {
  const { version } = headOf(entries);
  const hash = expected.version === 0 ? '' : entries[expected.version - 1]?.hash;
  if (hash !== expected.hash) throw wentBack(stream, expected, version);
  if (version > expected.version) throw new AppendConflict(stream, expected.version, version);
};

type Streams = ReadonlyMap<string, MemoryStream>; // in order of creation

const names = (streams: Streams, which: 'all' | 'live'): readonly string[] =>
  [...streams].filter(([, { live }]) => which === 'all' || live).map(([name]) => name);

const page = (streams: Streams, which: 'all' | 'live', after: string | undefined): readonly string[] => {
  if (after === undefined) return names(streams, which);
  if (!streams.has(after)) throw new NotFound(`no stream ${after}: start from the first page`, { after });
  const all = names(streams, 'all');
  const later = new Set(all.slice(all.indexOf(after) + 1));
  return names(streams, which).filter((name) => later.has(name));
};

const dueBy = (streams: Streams, nowMs: number): readonly string[] =>
  [...streams]
    .flatMap(([name, { dueMs }]) => (dueMs !== null && dueMs <= nowMs ? [{ name, dueMs }] : []))
    .sort((a, b) => a.dueMs - b.dueMs)
    .map(({ name }) => name);

const createMemoryRecords = (): Pick<EventLog, 'putPolicy' | 'policy' | 'reject' | 'rejections'> => {
  const policies = new Map<string, string>();
  let rejected: readonly Rejection[] = [];
  return {
    putPolicy: async (hash, document) => void (policies.has(hash) || policies.set(hash, document)),
    policy: async (hash) => policies.get(hash) ?? null,
    reject: async (rejection) => {
      rejected = [rejection, ...rejected].slice(0, MAX_REJECTIONS);
    },
    rejections: async (limit = MAX_REJECTIONS) => rejected.slice(0, limit),
  };
};

/** The log without a server: for tests, and for logs that were read from a file. Lives as long as the object. */
export const createMemoryEventLog = (options: MemoryEventLogOptions = {}): EventLog => {
  const { codec = eventCodec, newId = newEventId } = options;
  const streams = new Map<string, MemoryStream>();

  const append: EventLog['append'] = async (request) => {
    const { stream, index } = request;
    const fresh: MemoryStream = { entries: [], blobs: new Map(), time: '', live: true, dueMs: null };
    const target = streams.get(stream) ?? fresh;
    checkHead(request, target.entries);
    let time = canonicalTime(request.trace.time);
    if (time < target.time) time = target.time;
    const { entries, recorded, blobs } = prepareAppend(codec, request, time, newId);
    target.entries.push(...entries);
    for (const [hash, content] of blobs) target.blobs.set(hash, content);
    streams.set(stream, Object.assign(target, { time, ...index }));
    return recorded;
  };

  const readStored: EventLog['readStored'] = async (stream, { after = 0, limit = DEFAULT_PAGE } = {}) =>
    streams.get(stream)?.entries.slice(after, after + limit) ?? [];

  return {
    ...createMemoryRecords(),
    append,
    readStored,
    read: async (stream, range) => {
      const entries = await readStored(stream, range);
      return entries.map((entry) => codec.decode(stream, entry, (hash) => streams.get(stream)?.blobs.get(hash)));
    },
    head: async (stream) => headOf(streams.get(stream)?.entries ?? []),
    blob: async (stream, hash) => streams.get(stream)?.blobs.get(hash) ?? null,
    streams: async (which, { after, limit = DEFAULT_PAGE } = {}) => page(streams, which, after).slice(0, limit),
    due: async (nowMs, limit = DEFAULT_DUE) => dueBy(streams, nowMs).slice(0, limit),
    count: async (which) => names(streams, which).length,
  };
};
