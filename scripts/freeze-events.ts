import { readdirSync, writeFileSync } from 'node:fs';
import { currentSchemas } from '#events/testing';

// Freezes the schemas of events that are new since the last release. What is frozen is never written again.
const folder = new URL('../libs/events/frozen/', import.meta.url);
const known = new Set(readdirSync(folder));
const added = [...currentSchemas()].filter(([name]) => !known.has(name));
for (const [name, schema] of added) writeFileSync(new URL(name, folder), schema, { flag: 'wx' });
console.info(added.length === 0 ? 'nothing new to freeze' : `froze ${added.map(([name]) => name).join(', ')}`);
