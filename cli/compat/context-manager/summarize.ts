import type { ScriptIo } from '../script-io.ts';
import type { Voice } from '../words.ts';
import { readText } from './files.ts';
import { type Entry, entriesOf } from './learnings.ts';
import { placesOf } from './places.ts';

const prompt = (file: string, { date, title, text }: Entry): readonly string[] => [
  'Shorten the learning below to at most a third of its length. Keep:',
  '- what was learned, in one sentence',
  '- the names of patterns, tools and files',
  '- each problem with its solution',
  '- code of up to 10 lines as it is; say what longer code does',
  '',
  'The learning:',
  '',
  `## ${date}: ${title}`,
  '',
  text,
  '',
  'Answer with nothing but:',
  '',
  `## ${date}: ${title} (summary)`,
  '**Learned:** …',
  '**Patterns:** …',
  `**Source:** ${file}#${date}`,
];

/** Prints what to ask a model for a shorter version of one entry. */
export const summarize = ([file = '', date = '']: readonly string[], io: ScriptIo, voice: Voice): number => {
  const text = readText(placesOf(io).resolve(file));
  if (text === null) return voice.fail(`File not found: ${file}`);
  const entry = entriesOf(text).find((candidate) => candidate.date === date);
  if (!entry) return voice.fail(`Entry not found: no heading "## ${date}: …" in ${file}`);
  io.out(`${prompt(file, entry).join('\n')}\n`);
  return 0;
};
