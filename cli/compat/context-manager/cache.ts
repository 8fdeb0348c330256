import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptIo } from '../script-io.ts';
import type { Voice } from '../words.ts';
import { readText } from './files.ts';
import { placesOf } from './places.ts';

const folderOf = (io: ScriptIo): string => join(placesOf(io).studio, '.cache', 'summaries');

/** A key names a file of this folder and of no other. */
const isKey = (key: string): boolean => !/[/\\\0]/.test(key);

const refuse = (key: string, voice: Voice): number =>
  voice.fail(`Invalid key: ${key} has a path in it; use a plain name`);

export const cacheGet = ([key = '']: readonly string[], io: ScriptIo, voice: Voice): number => {
  if (!isKey(key)) return refuse(key, voice);
  const summary = readText(join(folderOf(io), `${key}.md`));
  if (summary === null) return voice.fail(`No cached summary: ${key}`);
  io.out(summary);
  return 0;
};

export const cacheSet = ([key = '', content = '']: readonly string[], io: ScriptIo, voice: Voice): number => {
  if (!isKey(key)) return refuse(key, voice);
  const folder = folderOf(io);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${key}.md`), `${content}\n`);
  voice.say(`Cached summary: ${key}`);
  return 0;
};
