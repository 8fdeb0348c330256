export { Event, type EventOf, type EventType } from './catalogue/index.ts';
export { Policy } from './catalogue/lifecycle.events.ts';
export { Signal } from './catalogue/routing.events.ts';
export { AppendConflict, EventTooLarge, LogWentBack, MalformedEvent, NewerEvent, SystemFull } from './errors.ts';
export type { AppendRequest, EventLog, IndexEntry, Rejection } from './log/event-log.ts';
export type { Head, Recorded, RecordedOf, StoredEntry, Trace } from './recorded.ts';
