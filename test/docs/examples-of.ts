import { marked } from 'marked';

/** A block of a document that is run: fenced as ```sh run, with the ```text output block right after it, if any. */
export interface Example {
  /** What the title of the test shows: the first line of the script. */
  readonly name: string;
  readonly script: string;
  /** Lines that the script prints, in this order; `…` stands for any text. `[]`: it only has to succeed. */
  readonly output: readonly string[];
}

interface Block {
  readonly info: string;
  readonly text: string;
}

const blocksOf = (markdown: string): readonly Block[] =>
  marked
    .lexer(markdown)
    .filter((token) => token.type !== 'space')
    .map((token) => (token.type === 'code' ? { info: token.lang ?? '', text: token.text } : { info: '', text: '' }));

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

export const examplesOf = (markdown: string): readonly Example[] => {
  const blocks = blocksOf(markdown);
  return blocks.flatMap((block, position) => {
    if (block.info !== 'sh run') return [];
    const next = blocks[position + 1];
    const output = next?.info === 'text output' ? linesOf(next.text) : [];
    return [{ name: linesOf(block.text)[0] ?? '', script: block.text, output }];
  });
};

const asPattern = (line: string): RegExp =>
  new RegExp(`^\\s*${line.trim().split('…').map(escapeForRegExp).join('.*')}\\s*$`, 'u');

const escapeForRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The expected lines that `printed` lacks, or has only before one that should come earlier. */
export const missingLines = (printed: string, expected: readonly string[]): readonly string[] => {
  const lines = printed.split('\n');
  let from = 0;
  return expected.filter((line) => {
    const pattern = asPattern(line);
    const found = lines.findIndex((candidate, position) => position >= from && pattern.test(candidate));
    if (found < 0) return true;
    from = found + 1;
    return false;
  });
};
