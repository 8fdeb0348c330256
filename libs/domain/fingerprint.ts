import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';

// In this order: a time is made of numbers, and a path may hold an id. The words left behind match no pattern.
const VOLATILE: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\b\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:z|[+-]\d{2}:?\d{2})?/g, '<time>'],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b/g, '<time>'],
  [/\b[a-z]{2,10}:\/\/[^\s"'`<>)]{1,2000}/g, '<address>'],
  [/(?<![\w/\\.])(?:[a-z]:)?(?:\.{0,2}[/\\][^\s"'`<>():,;\\/|]{1,255}){1,40}[/\\]?/g, '<path>'],
  [/\b(?=[a-f-]*\d)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b(?:0x[0-9a-f]{1,64}|(?=[a-f]*\d)[0-9a-f]{7,128})\b/g, '<id>'],
  [/\d+(?:[.,]\d+)*/g, '<n>'],
  [/\s+/g, ' '],
];

/** The cause stands at the beginning of an output, the verdict at its end. */
const MOST_CHARACTERS = 8_000;

const ends = (text: string): string =>
  text.length <= 2 * MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}\n${text.slice(-MOST_CHARACTERS)}`;

const settle = (text: string): string =>
  VOLATILE.reduce((result, [pattern, word]) => result.replace(pattern, word), text);

/**
 * What is the same about an error when it comes again: no numbers, paths, times, ids, colours, case or spacing.
 * Repeated until nothing changes, because a replacement can bare another (every round takes digits, slashes or blanks
 * away and adds none, so it ends): what was normalised stays as it is.
 */
export const normalizeError = (error: string): string => {
  let text = stripVTControlCharacters(ends(error)).toLowerCase().trim();
  for (let next = settle(text).trim(); next !== text; next = settle(text).trim()) text = next;
  return text;
};

/** Same text, same failure: 16 hex digits of the SHA-256 over the normalised error. */
export const fingerprint = (error: string): string =>
  createHash('sha256').update(normalizeError(error)).digest('hex').slice(0, 16);
