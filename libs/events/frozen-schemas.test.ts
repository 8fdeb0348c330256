import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { currentSchemas } from './frozen-schemas.ts';

const folder = new URL('./frozen/', import.meta.url);
const frozen = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

test.each([...currentSchemas()])('%s is as it was published', (name, schema) => {
  expect(frozen.has(name), `${name} is not frozen yet: run npx tsx scripts/freeze-events.ts`).toBe(true);
  // A difference here means: give the event a new version and an upcaster; never edit a frozen file.
  expect(JSON.parse(schema)).toEqual(JSON.parse(frozen.get(name) ?? ''));
});

test('every published version is still known, or has a newer version of its type', () => {
  const newest = new Map([...currentSchemas().keys()].map((name) => name.split('@')).map(([type, v]) => [type, v]));
  for (const name of frozen.keys()) {
    const [type = '', v = ''] = name.split('@');
    expect(Number.parseInt(newest.get(type) ?? '0', 10), name).toBeGreaterThanOrEqual(Number.parseInt(v, 10));
  }
});
