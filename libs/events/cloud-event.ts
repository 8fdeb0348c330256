import type { Recorded } from './recorded.ts';

/** CloudEvents 1.0, structured JSON. Extension attributes have lower-case names without separators, as it demands. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Version of the schema of `data`. */
  readonly schemaversion: number;
  /** Version of the stream: a consumer's idempotency key together with `subject`. */
  readonly streamversion: number;
  readonly streamhash: string;
  readonly actor: string;
  readonly correlationid: string;
  readonly causationid?: string;
  readonly data: unknown;
}

/** An event as the world outside gets it. */
export const toCloudEvent = (recorded: Recorded): CloudEvent => ({
  specversion: '1.0',
  id: recorded.id,
  source: `/orchestrations/${recorded.stream}`,
  type: `studio.${recorded.type}`,
  subject: recorded.stream,
  time: recorded.time,
  datacontenttype: 'application/json',
  schemaversion: recorded.v,
  streamversion: recorded.version,
  streamhash: recorded.hash,
  actor: recorded.actor,
  correlationid: recorded.correlationId,
  ...(recorded.causationId === null ? {} : { causationid: recorded.causationId }),
  data: recorded.data,
});
