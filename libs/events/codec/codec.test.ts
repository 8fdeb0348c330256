import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { noted, trace } from '../testing.ts';
import { MAX_FIELD_BYTES } from './blobs.ts';
import { chainHash, sha256 } from './chain.ts';
import { blobsOf, createCodec, eventCodec, type RawEvent } from './codec.ts';

const envelope = { ...trace(), id: '019c1f3e-7b54-7cc1-8a70-0242ac120002', stream: 'orch' };
const stored = (event: object, version = 1) => {
  const { stream, ...fields } = envelope;
  const body = JSON.stringify({ ...fields, ...event });
  return { version, hash: chainHash('', body), body };
};

test('stored bytes are compact JSON with a fixed order of keys', () => {
  expect(eventCodec.encode(noted('hi'), envelope).body).toBe(
    '{"id":"019c1f3e-7b54-7cc1-8a70-0242ac120002","type":"agent.progressed","v":1,"time":"2026-02-02T14:30:52.000Z",' +
      '"actor":"person:alice","correlationId":"request-1","causationId":null,"data":{"lease":1,"seq":1,"message":"hi"}}',
  );
});

test('an event that does not fit its schema is refused before it is stored', () => {
  expect(() => eventCodec.encode(noted('x'.repeat(2_001)), envelope)).toThrow('message');
});

test('bytes that are not an event are malformed, and the message names stream and version', () => {
  const decode = (body: string) => () => eventCodec.decode('orch', { version: 4, hash: '', body });
  expect(decode('{"id":')).toThrow('event 4 of stream orch cannot be read: its bytes are not JSON');
  expect(decode('null')).toThrow('envelope');
  expect(decode('{"id":"x","type":"agent.progressed","v":1}')).toThrow('envelope');
  const unfit = stored({ type: 'agent.progressed', v: 1, data: { lease: 0 } });
  expect(() => eventCodec.decode('orch', unfit)).toThrow('agent.progressed@1 does not fit its schema');
});

test('a later version, or a type that is not known, is an event of a newer Studio', () => {
  const later = stored({ type: 'agent.progressed', v: 2, data: {} });
  const unknown = stored({ type: 'moon.landed', v: 1, data: {} });
  for (const entry of [later, unknown]) {
    expect(() => eventCodec.decode('orch', entry)).toThrow(expect.objectContaining({ code: 'log.newer_event' }));
  }
});

const renamed = defineEvent('note.written', 3, z.strictObject({ text: z.string(), words: z.int() }));
const upcasters = {
  'note.made@1': ({ data }: RawEvent) => ({ type: 'note.written', v: 2, data: { text: data.message } }),
  'note.written@2': ({ type, data }: RawEvent) => ({
    type,
    v: 3,
    data: { ...data, words: String(data.text).split(' ').length },
  }),
};
const planted = createCodec({ schemas: [renamed], upcasters });

test('an old event is upcast step by step before it is parsed, also to another name', () => {
  const old = stored({ type: 'note.made', v: 1, data: { message: 'three small words' } });
  expect(planted.decode('orch', old)).toMatchObject({
    type: 'note.written',
    v: 3,
    data: { text: 'three small words', words: 3 },
    hash: old.hash,
  });
});

test('an old version without an upcaster is malformed, not newer', () => {
  const gap = createCodec({ schemas: [renamed], upcasters: {} });
  const old = stored({ type: 'note.written', v: 2, data: { text: 'a' } });
  expect(() => gap.decode('orch', old)).toThrow(expect.objectContaining({ code: 'log.malformed_event' }));
});

test('a field becomes a blob above the limit, not at it', () => {
  const event = (bytes: number) =>
    ({ type: 'orchestration.halted', v: 1, data: { reason: 'x'.repeat(bytes - 2) } }) as const;
  expect(eventCodec.encode(event(MAX_FIELD_BYTES), envelope).blobs.size).toBe(0);
  const { body, blobs } = eventCodec.encode(event(MAX_FIELD_BYTES + 1), envelope);
  const [[hash, content] = ['', '']] = blobs;
  expect(hash).toBe(sha256(content));
  expect(blobsOf(body)).toEqual([hash]);
  expect(eventCodec.decode('orch', { version: 1, hash: '', body }, (name) => blobs.get(name)).data).toEqual(
    event(MAX_FIELD_BYTES + 1).data,
  );
});

test('a blob with other content than its name says is malformed', () => {
  const event = { type: 'orchestration.halted', v: 1, data: { reason: 'x'.repeat(20_000) } } as const;
  const { body } = eventCodec.encode(event, envelope);
  expect(() => eventCodec.decode('orch', { version: 1, hash: '', body }, () => '"y"')).toThrow('gone or was changed');
});

test('bytes are counted in UTF-8, not in characters', () => {
  const data = { from: 'planner', to: 'builder', context: {} } as const;
  const context = { a: '€'.repeat(5_400) }; // 16,208 bytes of JSON in one field
  const event = { type: 'handoff.recorded', v: 1, data: { ...data, context } } as const;
  expect(eventCodec.encode(event, envelope).blobs.size).toBe(0);
  const larger = { ...event, data: { ...data, context: { a: '€'.repeat(5_500) } } };
  expect(eventCodec.encode(larger, envelope).blobs.size).toBe(1);
});
