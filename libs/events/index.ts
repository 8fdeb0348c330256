export { Event, type EventOf, type EventType } from './catalogue/index.ts';
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
export { AppendConflict, EventTooLarge, LogWentBack, MalformedEvent, NewerEvent, SystemFull } from './errors.ts';
export {
  type ExportedStream,
  type ExportProblem,
  exportBlob,
  exportEntry,
  exportFooter,
  exportHeader,
  exportLines,
  exportPolicy,
  type ParsedExport,
  parseExport,
} from './export-file.ts';
export type { AppendRequest, EventLog, IndexEntry, Rejection } from './log/event-log.ts';
export { createMemoryEventLog, type MemoryEventLogOptions } from './log/memory-event-log.ts';
export { type Head, type Recorded, type RecordedOf, recordedAs, type StoredEntry, type Trace } from './recorded.ts';
export { type ChainProblem, type ChainVerdict, createChainVerifier, verifyChain } from './verify-chain.ts';
