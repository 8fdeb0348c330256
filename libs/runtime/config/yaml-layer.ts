import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { Config } from '#contracts';

/** One value of a layer. `path` has no array indices: a list is one value, because layers replace lists whole. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: string;
}

export interface YamlLayer {
  readonly settings: readonly Setting[];
  /** Line of every key and list item, by dotted path; what a problem inside a value points at. */
  readonly lines: ReadonlyMap<string, number>;
  /** What is wrong with the text itself, each with its line. */
  readonly problems: readonly string[];
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

const isEmpty = (value: unknown): boolean => value === null || JSON.stringify(value) === '{}';

/** A whole file without content, and a section that is written down but empty, say nothing; a section of no such name is a mistake. */
const saysNothing = ([section, ...rest]: readonly string[], value: unknown): boolean =>
  section === undefined || (rest.length === 0 && section in Config.shape && isEmpty(value));

export const flatten = (
  value: unknown,
  origin: (path: readonly string[]) => string,
  path: readonly string[] = [],
): Setting[] => {
  if (!isGroup(value)) return saysNothing(path, value) ? [] : [{ path, value, origin: origin(path) }];
  return Object.entries(value).flatMap(([key, child]) => flatten(child, origin, [...path, key]));
};

const collectLines = (
  node: Node | null | undefined,
  counter: LineCounter,
  path: readonly string[],
  lines: Map<string, number>,
) => {
  const visit = (child: unknown, key: string, offset: number | undefined) => {
    const childPath = [...path, key];
    if (offset !== undefined) lines.set(childPath.join('.'), counter.linePos(offset).line);
    if (isMap(child) || isSeq(child)) collectLines(child, counter, childPath, lines);
  };
  if (isMap(node)) {
    for (const { key, value } of node.items) if (isScalar(key)) visit(value, String(key.value), key.range?.[0]);
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      visit(item, String(index), isScalar(item) || isMap(item) || isSeq(item) ? item.range?.[0] : undefined);
    });
  }
};

/** Reads a configuration text; never throws, so that all problems of all layers can be told at once. */
export const readYamlLayer = (text: string, name: string): YamlLayer => {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => `${name}:${counter.linePos(pos[0]).line}: ${message}`);
    return { settings: [], lines: new Map(), problems };
  }
  const content: unknown = document.toJS() ?? {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    return {
      settings: [],
      lines: new Map(),
      problems: [`${name}:1: expected sections such as "gates:", found ${typeof content}`],
    };
  }
  const lines = new Map<string, number>();
  collectLines(document.contents, counter, [], lines);
  const origin = (path: readonly string[]) => `file ${name}:${lines.get(path.join('.')) ?? 1}`;
  return { settings: flatten(content, origin), lines, problems: [] };
};
