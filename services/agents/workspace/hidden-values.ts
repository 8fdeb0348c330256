const LINE_BREAK = '(?:\\r?\\n|\\\\r?\\\\n|\\\\n)?';
/** So much of a value at the edge of a text is a part of it; less is a word like any other. */
const SHORTEST_PART = 8;
/** Broken in two, a value is still looked for up to this length; nobody wraps a longer one by accident. */
const MOST_BROKEN = 200;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The value as a terminal or a wrapper may break it, once or in every line. */
const broken = (value: string): string =>
  value.length > MOST_BROKEN ? literal(value) : [...value].map(literal).join(LINE_BREAK);

/**
 * What base64 makes of a value somewhere inside a longer text: the first and the last character of each of the three ways
 * it can fall hold bits of others, and are left out.
 */
const encoded = (value: string): readonly string[] =>
  [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    const text = bytes.toString('base64').replace(/=+$/, '');
    const own = text.slice(offset === 0 ? 0 : offset + 1, bytes.length % 3 === 0 ? undefined : -1);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });

/** Every way in which a value may stand in what a program prints. */
const waysToWrite = (value: string): readonly string[] => [
  broken(value),
  ...[JSON.stringify(value).slice(1, -1), encodeURIComponent(value), ...encoded(value)]
    .filter((text) => text !== value && text.length >= SHORTEST_PART)
    .map(literal),
];

/** Patterns that find these values however they are written, the longest first: a secret may be the start of another. */
export const patternsOf = (values: readonly string[]): readonly RegExp[] => {
  const ways = [...new Set(values.toSorted((a, b) => b.length - a.length).flatMap(waysToWrite))];
  return ways.length === 0 ? [] : [new RegExp(ways.join('|'), 'g')];
};

const partAt = (
  text: string,
  value: string,
  isPart: (part: string) => boolean,
  cut: (length: number) => string,
): number => {
  for (let length = Math.min(value.length - 1, text.length); length >= SHORTEST_PART; length -= 1)
    if (isPart(cut(length))) return length;
  return 0;
};

/** Takes away what a text begins or ends with of a value whose other part is in the text before or after it. */
export const withoutParts = (text: string, values: readonly string[], instead: string): string => {
  let rest = text;
  for (const value of values) {
    const end = partAt(
      rest,
      value,
      (part) => rest.endsWith(part),
      (length) => value.slice(0, length),
    );
    if (end > 0) rest = rest.slice(0, -end) + instead;
    const start = partAt(
      rest,
      value,
      (part) => rest.startsWith(part),
      (length) => value.slice(-length),
    );
    if (start > 0) rest = instead + rest.slice(start);
  }
  return rest;
};
