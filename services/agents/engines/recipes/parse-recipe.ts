import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { ProjectRecipe, Recipe } from '#contracts';
import type { AnyLoaded, RecipeProblem } from './load-recipes.ts';

/** The line of the deepest part of `path` that the document has. */
const lineOf = (
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number => {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length);
    const parent = document.getIn(keys.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(keys.at(-1))) : undefined;
    const node = pair?.key ?? document.getIn(keys, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
};

/** Reads one recipe; every problem of the file is named, each with its line. */
export const parseRecipe = (file: string, text: string): AnyLoaded | { readonly problems: RecipeProblem[] } => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({
      file,
      line: lines.linePos(pos[0]).line,
      problem: `${message.split('\n')[0]} Correct the YAML there.`,
    }));
    return { problems };
  }
  const isProject = isMap(document.contents) && document.get('kind') === 'project';
  const parsed = (isProject ? ProjectRecipe : Recipe).safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { file, recipe: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    file,
    line: lineOf(document, lines, path),
    problem: `${path.join('.') || 'the file'}: ${message}. \`studio schema recipe\` prints what is allowed.`,
  }));
  return { problems };
};
