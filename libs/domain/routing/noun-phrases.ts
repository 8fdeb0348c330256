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

/**
 * The noun phrases that the verb before `tokens` is done to, and their parts. What stands behind other prepositions and
 * relatives ("to the system", "that calls the API") only says where and why, and is left out.
 */
export const nounPhrases = (tokens: readonly Token[], { grammar }: Lexicon): readonly NounPhrase[] => {
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
    const { word, after } = token;
    if (grammar.parts.has(word)) {
      flush();
      place = 'part';
    } else if (grammar.determiners.has(word)) {
      flush();
      indefinite = grammar.indefinite.has(word);
    } else if (grammar.breaks.has(word) || (word.length > 4 && word.endsWith('ly'))) {
      flush();
      place = null;
    } else if (grammar.joins.has(word)) flush();
    else {
      if (grammar.indefinite.has(word)) indefinite = true;
      words.push(token);
    }
    if (after !== 'space') flush();
  }
  return phrases;
};
