import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { flatten, type Layer } from './layer.ts';

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
export const readYamlLayer = (text: string, name: string): Layer => {
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
