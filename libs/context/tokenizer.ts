import type { CountTokens } from './pieces.ts';

/**
 * Runs longer than this without a change between text and space are counted in parts of this many characters: merging
 * pairs in one run takes time by the square of its length (a line of 200,000 letters took 36 s, in parts 0.1 s). Each cut
 * is worth at most one token more.
 */
const LONGEST_RUN = 400;
const LONG_RUN = new RegExp(`(\\S{${LONGEST_RUN + 1},}|\\s{${LONGEST_RUN + 1},})`);
const PART = new RegExp(`[^]{1,${LONGEST_RUN}}`, 'gu');

/** Counts that are remembered: instructions, plans and learnings are given again and again. */
const REMEMBERED = 2_000;
/** Longer texts are not kept as keys. */
const LONGEST_KEY = 50_000;

const partsOf = (text: string): readonly string[] =>
  LONG_RUN.test(text)
    ? // What was split by stands between the rest: every second part is a run.
      text.split(LONG_RUN).flatMap((part, index) => (index % 2 === 1 ? (part.match(PART) ?? []) : [part]))
    : [text];

const remembering = (count: CountTokens): CountTokens => {
  const known = new Map<string, number>();
  return (text) => {
    if (text.length > LONGEST_KEY) return count(text);
    const found = known.get(text);
    if (found !== undefined) return found;
    const tokens = count(text);
    known.set(text, tokens);
    const oldest = known.size > REMEMBERED ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return tokens;
  };
};

let loading: Promise<CountTokens> | null = null;

/**
 * A tokenizer with the vocabulary `o200k_base`, loaded once a process and only where tokens are counted: it takes about
 * 0.3 s and 90 MB. Other vocabularies count the same text some percent apart.
 */
export const loadTokenCounter = (): Promise<CountTokens> => {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) => {
    // A text may speak of the marks that end a document; here they are text.
    const options = { disallowedSpecial: new Set<string>() };
    return remembering((text) => partsOf(text).reduce((sum, part) => sum + countTokens(part, options), 0));
  });
  return loading;
};
