/** A word of the goal, lower case, with what separates it from the next. */
export interface Token {
  readonly word: string;
  readonly after: 'space' | 'comma' | 'stop';
}

const WORD = /[\p{L}\p{N}]+(?:'\p{L}+)*|&/gu;
// What people quote are names and texts, not what they ask for: "rename `bug` to `issue`".
// Bounded, so that openings that never close cost no second look at the whole text.
const QUOTED = /`[^`\n]{0,200}`|"[^"\n]{0,200}"|“[^”\n]{0,200}”|https?:\/\/\S{1,2000}/g;
const STOP = /[.!?;:…]["')\]*_]{0,4}(?:\s|$)|[\n\r]/u;

const separator = (gap: string, last: boolean): Token['after'] => {
  if (gap === ' ' && !last) return 'space';
  if (last || STOP.test(gap)) return 'stop';
  return /[,()–—]| - /.test(gap) ? 'comma' : 'space';
};

/** Quoted texts and addresses become one neutral word each; a goal that is nothing but a quotation is read as it is. */
const withoutQuotations = (text: string): string => {
  const masked = text.replace(QUOTED, ' quotation ');
  return masked.replaceAll('quotation', '').search(/[\p{L}\p{N}]/u) === -1 ? text : masked;
};

/** Linear in the length of the text, whatever is in it. */
export const tokenize = (text: string): readonly Token[] => {
  const plain = withoutQuotations(text.normalize('NFKC').toLowerCase().replaceAll('’', "'"));
  const matches = [...plain.matchAll(WORD)];
  return matches.map((match, i) => {
    const next = matches[i + 1];
    const gap = plain.slice(match.index + match[0].length, next?.index ?? plain.length);
    return { word: match[0], after: separator(gap, next === undefined) };
  });
};
