/** What a shell would run, as far as that can be read off a line. It expands nothing but what stands there. */
export interface Lexed {
  /** Pipelines of simple commands of words; quotes are gone, a redirection is the word `>` or `<` before its target. */
  readonly pipelines: readonly (readonly (readonly string[])[])[];
  /** The texts of command substitutions, to be read in their turn. */
  readonly nested: readonly string[];
  /** The texts of here-documents, each with the words of the command that reads it. */
  readonly documents: readonly { readonly reader: readonly string[]; readonly text: string }[];
}

const PLAIN = /[^\s;&|<>()'"\\`$]+/y;
const REDIRECT = /(?:\d*|&)(?:>>|>\||>&|<&|<>|<<<|>|<)(?!\()/y;
const HERE = /\d*<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([\w.-]+))/y;
const SEPARATOR = /&&|\|\||[;&\n()]/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Behind the quoted part that begins here; a part that is not closed goes to the end. */
const afterQuote = (text: string, at: number): number => {
  const quote = text[at];
  if (quote === '\\') return at + 2;
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === quote) return i + 1;
    if (text[i] === '\\' && quote === '"') i += 1;
  }
  return text.length;
};

/** Behind the parenthesis that closes the one at `at`. */
const afterParenthesis = (text: string, at: number): number => {
  let depth = 0;
  for (let i = at; i < text.length; ) {
    const character = text[i] ?? '';
    if (`'"\\`.includes(character)) {
      i = afterQuote(text, i);
      continue;
    }
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    i += 1;
    if (depth === 0) return i;
  }
  return text.length;
};

/** One piece of a word: what it stands for, where it ends, and the command in it if it is one. */
interface Piece {
  readonly text: string;
  readonly end: number;
  readonly nested: readonly string[];
}

const substitution = (text: string, at: number): Piece | null => {
  if (text[at] === '`') {
    const end = afterQuote(text, at);
    return { text: text.slice(at, end), end, nested: [text.slice(at + 1, end - 1)] };
  }
  if (!/^[$<>]\(/.test(text.slice(at, at + 2))) return null;
  const end = afterParenthesis(text, at + 1);
  return { text: text.slice(at, end), end, nested: [text.slice(at + 2, end - 1)] };
};

const doubleQuoted = (text: string, at: number): Piece => {
  let said = '';
  const nested: string[] = [];
  let i = at + 1;
  while (i < text.length && text[i] !== '"') {
    const inner = text[i] === '\\' ? { text: text[i + 1] ?? '', end: i + 2, nested: [] } : substitution(text, i);
    said += inner?.text ?? text[i];
    nested.push(...(inner?.nested ?? []));
    i = inner?.end ?? i + 1;
  }
  return { text: said, end: i + 1, nested };
};

const pieceAt = (text: string, at: number): Piece | null => {
  const character = text[at] ?? '';
  const plain = matchAt(PLAIN, text, at);
  if (plain) return { text: plain[0], end: PLAIN.lastIndex, nested: [] };
  if (character === '"') return doubleQuoted(text, at);
  if (character === '\\') return { text: (text[at + 1] ?? '').replace('\n', ''), end: at + 2, nested: [] };
  if (character === "'") {
    const end = afterQuote(text, at);
    return { text: text.slice(at + 1, end - 1), end, nested: [] };
  }
  // Of `$'text'` and `$"text"` the quoted part is what is said.
  const dollar = /^\$['"]/.test(text.slice(at, at + 2)) ? '' : '$';
  return substitution(text, at) ?? (character === '$' ? { text: dollar, end: at + 1, nested: [] } : null);
};

/** The lines up to the word that ends the document, and where they end. */
const documentAt = (text: string, at: number, [, dash, ...words]: RegExpExecArray) => {
  const word = words.find((name) => name !== undefined) ?? '';
  const end = new RegExp(`^${dash ? '\\t*' : ''}${word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`, 'm').exec(
    text.slice(at),
  );
  return end
    ? { text: text.slice(at, at + end.index), end: at + end.index + end[0].length }
    : { text: text.slice(at), end: text.length };
};

type Token =
  | { readonly kind: 'word' | 'redirect' | 'document'; readonly text: string }
  | { readonly kind: 'pipe' | 'end' };

const BLANK = /[ \t\r]+|\\\n|(?<=^|[\s;&|()])#[^\n]*/y;
const PIPE = /\|&?/y;

const operatorAt = (text: string, at: number): { readonly token: Token; readonly end: number } | null => {
  const redirect = matchAt(REDIRECT, text, at);
  if (redirect)
    return { token: { kind: 'redirect', text: redirect[0].includes('>') ? '>' : '<' }, end: at + redirect[0].length };
  const separator = matchAt(SEPARATOR, text, at);
  if (separator) return { token: { kind: 'end' }, end: at + separator[0].length };
  return matchAt(PIPE, text, at) ? { token: { kind: 'pipe' }, end: PIPE.lastIndex } : null;
};

const wordAt = (text: string, from: number) => {
  const nested: string[] = [];
  let said = '';
  let end = from;
  for (let piece = pieceAt(text, from); piece; piece = pieceAt(text, end)) {
    said += piece.text;
    nested.push(...piece.nested);
    end = piece.end;
  }
  return { text: said, nested, end: Math.max(end, from + 1) };
};

interface Read {
  readonly token: Token | null;
  readonly nested: readonly string[];
  readonly end: number;
}

const readAt = (text: string, at: number): Read => {
  const blank = matchAt(BLANK, text, at);
  if (blank) return { token: null, nested: [], end: at + blank[0].length };
  const operator = operatorAt(text, at);
  if (operator) return { ...operator, nested: [] };
  const { text: said, nested, end } = wordAt(text, at);
  return { token: { kind: 'word', text: said }, nested, end };
};

/** The documents that this line announces begin behind it, or behind the one before. */
const announcedAt = (text: string, at: number, here: RegExpExecArray, documentsEnd: number) => {
  const line = text.indexOf('\n', at);
  return documentAt(text, Math.max(documentsEnd, line < 0 ? text.length : line + 1), here);
};

/** The tokens of a text, and the substitutions in its words. A document is told where it is announced. */
const tokensOf = (text: string) => {
  const tokens: Token[] = [];
  const nested: string[] = [];
  let documentsEnd = 0;
  for (let at = 0; at < text.length; ) {
    const here = matchAt(HERE, text, at);
    if (here) {
      const found = announcedAt(text, at, here, documentsEnd);
      tokens.push({ kind: 'document', text: found.text });
      documentsEnd = found.end;
      at += here[0].length;
      continue;
    }
    const read = readAt(text, at);
    if (read.token) tokens.push(read.token);
    nested.push(...read.nested);
    at = text[at] === '\n' ? Math.max(read.end, documentsEnd) : read.end;
  }
  return { tokens, nested };
};

/** Reads one line, or many, of a shell. Never fails: what no shell would take is read as far as it goes. */
export const lex = (text: string): Lexed => {
  const { tokens, nested } = tokensOf(text);
  const documents: Lexed['documents'][number][] = [];
  let words: string[] = [];
  let pipeline = [words];
  const pipelines = [pipeline];
  for (const token of tokens) {
    if (token.kind === 'word' || token.kind === 'redirect') words.push(token.text);
    else if (token.kind === 'document') documents.push({ reader: words, text: token.text });
    else {
      words = [];
      if (token.kind === 'pipe') pipeline.push(words);
      else {
        pipeline = [words];
        pipelines.push(pipeline);
      }
    }
  }
  return { pipelines: pipelines.filter((commands) => commands.some(({ length }) => length > 0)), nested, documents };
};
