import { lexer, type Token, type Tokens } from 'marked';

/** A list item that asks for something to be done. */
export interface OutlineItem {
  /** The first line, as it was written. */
  readonly line: string;
  /** What follows it in the same item. */
  readonly more: string;
  /** Items below it. */
  readonly below: readonly string[];
  /** Ticked off. */
  readonly done: boolean;
}

export interface OutlineSection {
  readonly title: string;
  readonly depth: number;
  readonly prose: readonly string[];
  readonly items: readonly OutlineItem[];
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';
const isList = (token: Token): token is Tokens.List => token.type === 'list';

/** The text of an item's own lines: what its nested lists say is apart. */
const ownText = (item: Tokens.ListItem): string =>
  item.tokens
    .filter((token) => !isList(token))
    // marked keeps the mark of a task in the text of some items.
    .map(({ raw }) => raw.replace(/^\[[ xX]\]\s+/, ''))
    .join('')
    .trim();

const allLines = (items: readonly Tokens.ListItem[]): readonly string[] =>
  items.flatMap((item) => [
    ownText(item).replaceAll(/\s*\n\s*/g, ' '),
    ...item.tokens.filter(isList).flatMap(({ items: below }) => allLines(below)),
  ]);

const readItem = (item: Tokens.ListItem): OutlineItem => {
  const [line = '', ...more] = ownText(item).split('\n');
  return {
    line: line.trim(),
    more: more.join('\n').trim(),
    below: item.tokens.filter(isList).flatMap(({ items }) => allLines(items)),
    done: item.checked === true,
  };
};

const hasTasks = (tokens: readonly Token[]): boolean =>
  tokens.some((token) => isList(token) && token.items.some(({ task }) => task));

/**
 * Headings with what stands below each. Where a text has items with boxes to tick, only those ask for something and
 * other lists are prose; where it has none, every item of a list does.
 */
export const readOutline = (markdown: string): readonly OutlineSection[] => {
  const tokens = lexer(markdown);
  const onlyBoxes = hasTasks(tokens);
  const sections: { title: string; depth: number; prose: string[]; items: OutlineItem[] }[] = [];
  let current = { title: '', depth: 0, prose: [] as string[], items: [] as OutlineItem[] };
  sections.push(current);
  for (const token of tokens) {
    if (isHeading(token)) {
      current = { title: token.text.trim(), depth: token.depth, prose: [], items: [] };
      sections.push(current);
    } else if (isList(token) && (!onlyBoxes || token.items.some(({ task }) => task))) {
      current.items.push(...token.items.filter(({ task }) => !onlyBoxes || task).map(readItem));
    } else if (token.type !== 'space' && token.type !== 'hr') {
      current.prose.push(token.raw.trim());
    }
  }
  return sections;
};
