import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemasOf } from '#events/testing';
import { BacklogEvent } from './backlog.events.ts';

const folder = new URL('./frozen/', import.meta.url);
const frozen = new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
const current = schemasOf(BacklogEvent.options);

test.each([...current])('%s is as it was published', (name, schema) => {
  expect(frozen.has(name), `${name} is not frozen yet: run npx tsx scripts/freeze-events.ts`).toBe(true);
  // A difference here means: give the event a new version and an upcaster; never edit a frozen file.
  expect(JSON.parse(schema)).toEqual(JSON.parse(frozen.get(name) ?? ''));
});

test('every published event is still known', () => {
  const types = new Set([...current.keys()].map((name) => name.split('@')[0]));
  for (const name of frozen.keys()) expect(types).toContain(name.split('@')[0]);
});
