import type { Lexicon } from './lexicon.ts';
import { singular } from './phrases.ts';
import type { Token } from './tokens.ts';

export interface NounPhrase {
  readonly words: readonly Token[];
  /** Its last word, in the singular: in English the thing itself ("error page" is a page). */
  readonly head: string;
  /** `object`: what the verb is done to. `part`: what that has ("a shop with a web UI"). */
  readonly place: 'object' | 'part';
  readonly indefinite: boolean;
}

type Part = 'parts' | 'determiner' | 'break' | 'join' | 'word';

const partOf = (word: string, { grammar }: Lexicon): Part => {
  if (grammar.parts.has(word)) return 'parts';
  if (grammar.determiners.has(word)) return 'determiner';
  if (grammar.breaks.has(word) || isAdverb(word)) return 'break';
  return grammar.joins.has(word) ? 'join' : 'word';
};

/** "quickly", "silently"; of "fly" and "only" the grammar says what they are. */
export const isAdverb = (word: string): boolean => word.length > 4 && word.endsWith('ly');

/**
 * The noun phrases that the verb before `tokens` is done to, and their parts. What stands behind other prepositions and
 * relatives ("to the system", "that calls the API") only says where and why, and is left out.
 */
export const nounPhrases = (tokens: readonly Token[], lexicon: Lexicon): readonly NounPhrase[] => {
  const phrases: NounPhrase[] = [];
  let words: Token[] = [];
  let place: NounPhrase['place'] | null = 'object';
  let indefinite = false;

  const flush = () => {
    const head = words.at(-1)?.word;
    if (head !== undefined && place !== null) phrases.push({ words, head: singular(head), place, indefinite });
    words = [];
    indefinite = false;
  };

  for (const token of tokens) {
    const part = partOf(token.word, lexicon);
    if (part === 'word') words.push(token);
    else flush();
    if (part === 'parts') place = 'part';
    if (part === 'break') place = null;
    if (lexicon.grammar.indefinite.has(token.word)) indefinite = true;
    if (token.after !== 'space') flush();
  }
  return phrases;
};
