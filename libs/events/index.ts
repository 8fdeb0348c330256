export { ForkChanges } from './catalogue/history.events.ts';
export { Event, type EventOf, type EventType, newestVersion } from './catalogue/index.ts';
export { Policy } from './catalogue/lifecycle.events.ts';
export { Signal } from './catalogue/routing.events.ts';
export { type CloudEvent, toCloudEvent } from './cloud-event.ts';
export { chainHash, EMPTY_HEAD, sha256 } from './codec/chain.ts';
export {
  blobsOf,
  type Codec,
  type CodecOptions,
  createCodec,
  eventCodec,
  type RawEvent,
  type Upcasters,
} from './codec/codec.ts';
export { defineEvent } from './define-event.ts';
export {
  AppendConflict,
  ArchiveUnreadable,
  EventTooLarge,
  LogWentBack,
  MalformedEvent,
  NewerEvent,
  SystemFull,
} from './errors.ts';
export { type CopyRequest, continueCopy } from './exports/continue-copy.ts';
export {
  type ExportedStream,
  type ExportSpace,
  exportBlob,
  exportClaim,
  exportEntry,
  exportFooter,
  exportHeader,
  exportLines,
  exportPolicy,
} from './exports/export-lines.ts';
export { type ExportProblem, type ParsedExport, parseExport, parseExports } from './exports/parse-export.ts';
export { verifyExport } from './exports/verify-export.ts';
export { entryPages } from './log/entry-pages.ts';
export type { AppendRequest, EventLog, IndexEntry, Rejection } from './log/event-log.ts';
export { createMemoryEventLog, type MemoryEventLogOptions } from './log/memory-event-log.ts';
export { streamPages } from './log/stream-pages.ts';
export {
  type Envelope,
  type Head,
  type Recorded,
  type RecordedOf,
  recordedAs,
  type StoredEntry,
  type Trace,
} from './recorded.ts';
export { type ChainProblem, type ChainVerdict, createChainVerifier, verifyChain } from './verify-chain.ts';
