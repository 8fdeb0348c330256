import { readdirSync, writeFileSync } from 'node:fs';
import { BacklogEvent } from '#backlog';
import { Event } from '#events';
import { schemasOf } from '#events/testing';

// Freezes the schemas of events that are new since the last release. What is frozen is never written again.
const catalogues = [
  { folder: new URL('../libs/events/frozen/', import.meta.url), schemas: schemasOf(Event.options) },
  { folder: new URL('../libs/backlog/frozen/', import.meta.url), schemas: schemasOf(BacklogEvent.options) },
];
for (const { folder, schemas } of catalogues) {
  const known = new Set(readdirSync(folder));
  const added = [...schemas].filter(([name]) => !known.has(name));
  for (const [name, schema] of added) writeFileSync(new URL(name, folder), schema, { flag: 'wx' });
  if (added.length > 0) console.info(`froze ${added.map(([name]) => name).join(', ')}`);
}
