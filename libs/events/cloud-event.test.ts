import { expect, test } from 'vitest';
import { toCloudEvent } from './cloud-event.ts';
import { createMemoryEventLog } from './log/memory-event-log.ts';
import { appendOf, trace } from './testing.ts';

test('an event goes out as CloudEvents 1.0, its place in the log as extensions', async () => {
  const [recorded] = await createMemoryEventLog().append(appendOf('orch', 'hi'));
  if (!recorded) throw new Error('one event was appended');
  expect(toCloudEvent(recorded)).toEqual({
    specversion: '1.0',
    id: recorded.id,
    source: '/orchestrations/orch',
    type: 'studio.agent.progressed',
    subject: 'orch',
    time: trace().time,
    datacontenttype: 'application/json',
    schemaversion: 1,
    streamversion: 1,
    streamhash: recorded.hash,
    actor: 'person:alice',
    correlationid: 'request-1',
    data: { lease: 1, seq: 1, message: 'hi' },
  });
});

test('names of attributes are lower-case letters and digits, and an absent cause is left out', async () => {
  const request = { ...appendOf('orch'), trace: { ...trace(), causationId: 'command-1' } };
  const [recorded] = await createMemoryEventLog().append(request);
  if (!recorded) throw new Error('one event was appended');
  const event = toCloudEvent(recorded);
  expect(event.causationid).toBe('command-1');
  for (const name of Object.keys(event)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
});
