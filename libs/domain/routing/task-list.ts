import { clausesOf } from './clauses.ts';
import type { Lexicon } from './lexicon.ts';
import { readClauses } from './reading.ts';
import { tokenize } from './tokens.ts';

const ITEM = /^[ \t]{0,12}(?:[-*•+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]?\][ \t]+)?(\S.*)$/;
// "1. fix the typo 2. add a test" on one line.
const INLINE_NUMBER = /(?<=\S)[ \t]{1,20}(?=\d{1,2}[.)][ \t]+[A-Za-z])/g;

const linesOf = (goal: string): string[] => {
  const lines = goal.split(/\r\n|\n|\r/);
  const numbered = (line: string) => /^(?:[^\n]*:)?\s*1[.)]\s/.test(line);
  return lines.flatMap((line) => (numbered(line) ? line.split(INLINE_NUMBER) : [line]));
};

const isAsked = (item: string, lexicon: Lexicon): boolean =>
  clausesOf(tokenize(item), lexicon)[0]?.verb !== null && /\p{L}/u.test(item);

/**
 * The tasks of a goal that is written as a list, else none. Bullets that describe one thing (the features of what is
 * asked above them, steps to reproduce, criteria) are not tasks.
 */
export const tasksIn = (goal: string, lexicon: Lexicon): readonly string[] => {
  const lines = linesOf(goal);
  const items: string[] = [];
  let firstItem = lines.length;
  for (const [i, line] of lines.entries()) {
    const item = ITEM.exec(line)?.[1];
    if (item === undefined || !/\p{L}/u.test(item)) continue;
    firstItem = Math.min(firstItem, i);
    items.push(item);
  }
  if (items.length < 2) return [];

  const intro = tokenize(lines.slice(0, firstItem).join('\n'));
  if (intro.some(({ word }) => lexicon.listDetails.has(word))) return [];
  const introAsks = readClauses(clausesOf(intro, lexicon), lexicon);
  if (introAsks.length === 0) return items;
  const wanted = items.filter((item) => isAsked(item, lexicon)).length;
  const whole = introAsks.some(({ signal }) => signal.pointsTo === 'decompose_first');
  const announced = intro.some(({ word }) => lexicon.listAnnouncements.has(word));
  return !whole && (announced || wanted * 2 > items.length) ? items : [];
};
