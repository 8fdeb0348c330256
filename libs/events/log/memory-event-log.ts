import { NotFound } from '#contracts';
import { v7 } from 'uuid';
import { EMPTY_HEAD } from '../codec/chain.ts';
import { type Codec, eventCodec } from '../codec/codec.ts';
import { AppendConflict } from '../errors.ts';
import type { Head, StoredEntry } from '../recorded.ts';
import { wentBack } from './append-errors.ts';
import type { AppendRequest, EventLog, Rejection } from './event-log.ts';
import { DEFAULT_DUE, DEFAULT_PAGE, MAX_REJECTIONS } from './limits.ts';
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

/** The log without a server: for tests, and for logs that were read from a file. Lives as long as the object. */
export const createMemoryEventLog = ({ codec = eventCodec, newId = () => v7() }: MemoryEventLogOptions = {}): EventLog => {
  const streams = new Map<string, MemoryStream>(); // in order of creation
  const policies = new Map<string, string>();
  const rejected: Rejection[] = [];

  const entriesAfter = (stream: string, after: number, limit: number) =>
    streams.get(stream)?.entries.slice(after, after + limit) ?? [];
  const names = (which: 'all' | 'live') =>
    [...streams].filter(([, { live }]) => which === 'all' || live).map(([name]) => name);

  const append: EventLog['append'] = async (request) => {
    const { stream, index } = request;
    const target = streams.get(stream) ?? { entries: [], blobs: new Map(), time: '', live: true, dueMs: null };
    checkHead(request, target.entries);
    const asked = canonicalTime(request.trace.time);
    const time = asked < target.time ? target.time : asked;
    const { entries, recorded, blobs } = prepareAppend(codec, request, time, newId);
    target.entries.push(...entries);
    for (const [hash, content] of blobs) target.blobs.set(hash, content);
    streams.set(stream, Object.assign(target, { time, ...index }));
    return recorded;
  };

  return {
    append,
    read: async (stream, { after = 0, limit = DEFAULT_PAGE } = {}) =>
      entriesAfter(stream, after, limit).map((entry) =>
        codec.decode(stream, entry, (hash) => streams.get(stream)?.blobs.get(hash)),
      ),
    readStored: async (stream, { after = 0, limit = DEFAULT_PAGE } = {}) => entriesAfter(stream, after, limit),
    head: async (stream) => headOf(streams.get(stream)?.entries ?? []),
    blob: async (stream, hash) => streams.get(stream)?.blobs.get(hash) ?? null,
    streams: async (which, { after, limit = DEFAULT_PAGE } = {}) => {
      if (after === undefined) return names(which).slice(0, limit);
      if (!streams.has(after)) throw new NotFound(`no stream ${after}: start from the first page`, { after });
      const all = names('all');
      const later = new Set(all.slice(all.indexOf(after) + 1));
      return names(which)
        .filter((name) => later.has(name))
        .slice(0, limit);
    },
    due: async (nowMs, limit = DEFAULT_DUE) =>
      [...streams]
        .flatMap(([name, { dueMs }]) => (dueMs !== null && dueMs <= nowMs ? [{ name, dueMs }] : []))
        .sort((a, b) => a.dueMs - b.dueMs)
        .slice(0, limit)
        .map(({ name }) => name),
    count: async (which) => names(which).length,
    putPolicy: async (hash, document) => void (policies.has(hash) || policies.set(hash, document)),
    policy: async (hash) => policies.get(hash) ?? null,
    reject: async (rejection) => void rejected.splice(0, rejected.length, ...[rejection, ...rejected].slice(0, MAX_REJECTIONS)),
    rejections: async (limit = MAX_REJECTIONS) => rejected.slice(0, limit),
  };
};
