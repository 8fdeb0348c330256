import ts from 'typescript';

/** A rule that a test states, with the titles of the groups that it stands in. */
export interface Rule {
  readonly groups: readonly string[];
  readonly title: string;
}

/** What a title names only when the test runs: a row of a table, a value. */
const OPEN = /%[sdifjop#]|\$\{[^}]*\}|\$[a-z][\w.]*/gi;

const textOf = (node: ts.Expression | undefined): string | null => {
  if (!node) return null;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map((span) => `…${span.literal.text}`)].join('');
  return null;
};

/** `test`, `test.each(rows)`, `describe.skipIf(…)`: by the name that they begin with. */
const nameOf = (callee: ts.Expression): string => {
  if (ts.isIdentifier(callee)) return callee.text;
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return nameOf(callee.expression);
  return ts.isTaggedTemplateExpression(callee) ? nameOf(callee.tag) : '';
};

const titleOf = (call: ts.CallExpression): string | null =>
  textOf(call.arguments[0])?.replaceAll(OPEN, '…').replaceAll(/\s+/g, ' ') ?? null;

/** The rules of one file, in its order. Read and not run: a table gives one rule, however many rows it has. */
export const rulesIn = (fileName: string, source: string): readonly Rule[] => {
  const found: Rule[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    const title = ts.isCallExpression(node) ? titleOf(node) : null;
    const name = ts.isCallExpression(node) ? nameOf(node.expression) : '';
    if (title !== null && (name === 'test' || name === 'it')) found.push({ groups, title });
    const inside = title !== null && name === 'describe' ? [...groups, title] : groups;
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true), []);
  return found;
};
