import ts from 'typescript';

export interface ErrorClass {
  readonly name: string;
  /** Every value that `code` can have, as its type says: `redis.busy`, or `rule.*` where the end is open. */
  readonly codes: readonly string[];
  readonly remedies: readonly string[];
  /** The comment above the class. */
  readonly meaning: string;
}

export interface Rule {
  readonly name: string;
  /** Text of the refusal, `…` where it names something of the moment. */
  readonly message: string;
}

// Not localeCompare: the order must be the same on every machine.
export const inOrder = (a = '', b = ''): number => (a < b ? -1 : Number(a > b));

/** All nodes below, but no tokens: to ask for those would scan every file again. */
const nodesOf = (node: ts.Node): readonly ts.Node[] => {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
};

const nodesOfProgram = function* (program: ts.Program): Generator<ts.Node> {
  for (const file of program.getSourceFiles())
    if (!program.isSourceFileFromExternalLibrary(file) && !file.isDeclarationFile) yield* nodesOf(file);
};

/** The strings of a type: one, or those of a union; `*` for the part that its type leaves open. */
const stringsOf = (type: ts.Type, checker: ts.TypeChecker): readonly string[] => {
  if (type.isUnion()) return type.types.flatMap((member) => stringsOf(member, checker));
  if (type.isStringLiteral()) return [type.value];
  return [
    checker
      .typeToString(type)
      .replaceAll(/\$\{[^}]*\}/g, '*')
      .replaceAll('`', ''),
  ];
};

const propertyStrings = (type: ts.Type, name: string, at: ts.Node, checker: ts.TypeChecker): readonly string[] => {
  const symbol = type.getProperty(name);
  return symbol ? stringsOf(checker.getTypeOfSymbolAtLocation(symbol, at), checker) : [];
};

const isBelow = (type: ts.Type, ancestor: string): boolean =>
  (type.getBaseTypes() ?? []).some((base) => base.symbol.name === ancestor || isBelow(base, ancestor));

const isAbstract = (node: ts.ClassDeclaration) =>
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) ?? false;

const commentOf = (node: ts.Node): string => {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
  return ts.getTextOfJSDocComment(comment)?.replaceAll(/\s+/g, ' ') ?? '';
};

/**
 * Every concrete class below StudioError, sorted by its first code. Found by the type checker and not by import, so
 * that no class is missed because nothing loads it, and no code because it is put together in a constructor.
 */
export const findErrorClasses = (program: ts.Program): readonly ErrorClass[] => {
  const checker = program.getTypeChecker();
  const found: ErrorClass[] = [];
  for (const node of nodesOfProgram(program)) {
    if (!ts.isClassDeclaration(node) || !node.name || isAbstract(node)) continue;
    const type = checker.getTypeAtLocation(node);
    if (!isBelow(type, 'StudioError')) continue;
    found.push({
      name: node.name.text,
      codes: propertyStrings(type, 'code', node, checker).toSorted(),
      remedies: propertyStrings(type, 'remedy', node, checker).toSorted(),
      meaning: commentOf(node),
    });
  }
  return found.sort((a, b) => inOrder(a.codes[0], b.codes[0]));
};

const messageText = (node: ts.Node | undefined): string => {
  if (node && ts.isStringLiteralLike(node)) return node.text;
  if (node && ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map((span) => `…${span.literal.text}`)].join('');
  return '';
};

const rulesAt = (node: ts.Node, checker: ts.TypeChecker): readonly Rule[] => {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'RuleViolation') return [];
  const [name, message] = node.arguments ?? [];
  const names = name ? stringsOf(checker.getTypeAtLocation(name), checker) : [];
  if (names.length === 0 || names.includes('string'))
    throw new Error(
      `${node.getSourceFile().fileName}: the rule of a RuleViolation can be any string; give it a type that names the rules, so that the reference can list them`,
    );
  return names.map((rule) => ({ name: rule, message: messageText(message) }));
};

/** Every rule that a RuleViolation names, sorted; one that is checked in several places has all their messages. */
export const findRules = (program: ts.Program): readonly Rule[] => {
  const checker = program.getTypeChecker();
  const messages = new Map<string, Set<string>>();
  for (const node of nodesOfProgram(program))
    for (const { name, message } of rulesAt(node, checker))
      messages.set(name, (messages.get(name) ?? new Set()).add(message));
  return [...messages]
    .map(([name, texts]) => ({ name, message: [...texts].filter(Boolean).join(' · ') }))
    .sort((a, b) => inOrder(a.name, b.name));
};
