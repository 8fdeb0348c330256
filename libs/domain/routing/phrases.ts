import type { Token } from './tokens.ts';

/** Phrases by their first word, longest first, so that "fix up" is found before "fix". */
export type PhraseIndex<T> = ReadonlyMap<string, readonly { readonly words: readonly string[]; readonly value: T }[]>;

export const phraseIndex = <T>(entries: Iterable<readonly [phrase: string, value: T]>): PhraseIndex<T> => {
  const index = new Map<string, { words: readonly string[]; value: T }[]>();
  for (const [phrase, value] of entries) {
    const words = phrase.split(' ');
    const first = words[0] ?? phrase;
    const others = index.get(first) ?? [];
    index.set(
      first,
      [...others, { words, value }].toSorted((a, b) => b.words.length - a.words.length),
    );
  }
  return index;
};

/** "projects" → "project"; "access" and "bus" stay what they are. English needs no more here. */
export const singular = (word: string): string =>
  word.length > 3 && word.endsWith('s') && !/(?:ss|us|is|aas)$/.test(word) ? word.slice(0, -1) : word;

export interface PhraseMatch<T> {
  readonly phrase: string;
  readonly length: number;
  readonly value: T;
}

const fits = (words: readonly string[], tokens: readonly Pick<Token, 'word'>[], at: number): boolean =>
  words.every((expected, i) => {
    const found = tokens[at + i]?.word;
    return found !== undefined && (found === expected || singular(found) === expected);
  });

/** The longest phrase that begins at `at`, in the plural or in the singular. */
export const matchPhrase = <T>(
  index: PhraseIndex<T>,
  tokens: readonly Pick<Token, 'word'>[],
  at: number,
): PhraseMatch<T> | null => {
  const word = tokens[at]?.word;
  if (word === undefined) return null;
  const candidates = index.get(word) ?? index.get(singular(word));
  const found = candidates?.find(({ words }) => fits(words, tokens, at));
  return found ? { phrase: found.words.join(' '), length: found.words.length, value: found.value } : null;
};
