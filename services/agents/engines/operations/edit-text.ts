const WORD = '[\\p{L}\\p{N}_]';

export const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Matches `text` literally; as a whole word, where no letter, digit or underscore stands beside it. */
export const literal = (text: string, wholeWord = false): RegExp =>
  new RegExp(wholeWord ? `(?<!${WORD})${escapeRegex(text)}(?!${WORD})` : escapeRegex(text), 'gu');

export const countMatches = (content: string, pattern: RegExp): number => content.match(pattern)?.length ?? 0;

const lineBreakOf = (content: string): '\r\n' | '\n' => (/(?<!\r)\n/.test(content) ? '\n' : '\r\n');

/** `text` with the line breaks of the file it goes into, where it has any. */
const withLineBreaksOf = (content: string, text: string): string =>
  content.includes('\n') ? text.replace(/\r?\n/g, lineBreakOf(content)) : text;

export interface Edit {
  readonly find: string;
  readonly replace: string;
  readonly all?: boolean | undefined;
  readonly whole_word?: boolean | undefined;
}

export type EditResult =
  | { readonly outcome: 'edited'; readonly content: string; readonly count: number }
  | { readonly outcome: 'absent'; readonly alreadyReplaced: boolean }
  | { readonly outcome: 'ambiguous'; readonly lines: readonly number[] };

/** Replaces what `find` names. A file in CRLF is found and written in CRLF, whatever the edit is written in. */
export const editText = (content: string, edit: Edit): EditResult => {
  const find = withLineBreaksOf(content, edit.find);
  const replace = withLineBreaksOf(content, edit.replace);
  const pattern = literal(find, edit.whole_word);
  const matches = [...content.matchAll(pattern)];
  if (matches.length === 0) {
    return { outcome: 'absent', alreadyReplaced: replace !== '' && content.includes(replace) };
  }
  if (matches.length > 1 && !edit.all) {
    return { outcome: 'ambiguous', lines: matches.map(({ index }) => content.slice(0, index).split('\n').length) };
  }
  // A function, because a replacement text could hold `$&`.
  return { outcome: 'edited', content: content.replace(pattern, () => replace), count: matches.length };
};

/** An insertion (`replace` holds `find`) that is in the file already; seen when the same operations run again. */
export const isInserted = (content: string, edit: Edit): boolean =>
  edit.replace !== edit.find &&
  edit.replace.includes(edit.find) &&
  content.includes(withLineBreaksOf(content, edit.replace));
