import { extname } from 'node:path';

const MARKDOWN: ReadonlySet<string> = new Set(['.md', '.markdown']);

const countWords = (text: string): number => text.match(/\S+/gu)?.length ?? 0;

/** Characters as a reader counts them: one above U+FFFF is two units of a string. */
const countCharacters = (text: string): number =>
  text.length - (text.match(/[\ud800-\udbff](?=[\udc00-\udfff])/g)?.length ?? 0);

/**
 * Tokens of a file by rule of thumb: words × 1.3 of Markdown, characters / 3.3 of JSON, characters / 4 of anything
 * else. In whole numbers, so that no rounding of 1.3 or 3.3 moves the result.
 */
export const estimateTokens = (file: string, text: string): number => {
  const kind = extname(file).toLowerCase();
  if (MARKDOWN.has(kind)) return Math.floor((countWords(text) * 13) / 10);
  return Math.floor(kind === '.json' ? (countCharacters(text) * 10) / 33 : countCharacters(text) / 4);
};
