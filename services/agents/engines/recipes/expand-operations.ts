import { posix } from 'node:path';
import type { Operation, RecipeOperation } from '#contracts';
import { countMatches, literal } from '../operations/edit-text.ts';
import { holds, renderDeep, renderText, type Scope } from './templates.ts';
import { textFiles } from './workspace-facts.ts';

export interface Place {
  readonly directory: string;
  readonly files: readonly string[];
  readonly signal: AbortSignal;
}

/** One plan holds them all; a change that touches more than this is not reviewed by anybody. */
const MAX_OPERATIONS = 2_000;

type Of<Op extends RecipeOperation['op']> = Extract<RecipeOperation, { op: Op }>;

/** A word in lower case also stands at the beginning of sentences and in capitals; one in any other case is a name. */
const spellings = (text: string, anyCase: boolean): readonly string[] => {
  if (!anyCase || text !== text.toLowerCase()) return [text];
  return [...new Set([text, text.charAt(0).toUpperCase() + text.slice(1), text.toUpperCase()])];
};

const eachOccurrence = async (operation: Of<'each_occurrence'>, scope: Scope, place: Place): Promise<Operation[]> => {
  const of = renderText(operation.of, scope);
  const whole = operation.whole_word;
  const wholeWord = typeof whole === 'boolean' ? whole : holds(whole, scope);
  const texts = spellings(of, operation.any_case);
  const expanded: Operation[] = [];
  for await (const { file, content } of textFiles(place.directory, place.files, operation.in)) {
    place.signal.throwIfAborted();
    for (const text of texts) {
      if (countMatches(content, literal(text, wholeWord)) === 0) continue;
      const rendered = operation.do.map((inner) => renderDeep(inner, { ...scope, file, text }));
      // What was found as a whole word is replaced as one.
      expanded.push(
        ...rendered.map((inner) => (inner.op === 'edit' && wholeWord ? { ...inner, whole_word: true } : inner)),
      );
    }
  }
  return expanded;
};

const SCRIPT = /\.[cm]?[jt]sx?$/;
/** Relative specifiers of import, export … from, import(), require() and the like, with their quotes. */
const SPECIFIER = /(['"])(\.{1,2}\/[^'"\n]*)\1/g;

const withoutExtension = (path: string): string => path.replace(SCRIPT, '');

/** Whether `specifier`, written in `file`, means `target`: by its name, without its ending, as `.js` of a `.ts`, or as a folder's index. */
const pointsTo = (file: string, specifier: string, target: string): boolean => {
  const path = posix.join(posix.dirname(file), specifier);
  if (path === target) return true;
  if (!SCRIPT.test(target)) return false;
  const bare = withoutExtension(target);
  return path === bare || (SCRIPT.test(path) && withoutExtension(path) === bare) || `${path}/index` === bare;
};

/** The specifier for `target` seen from `file`, with the ending style of the old one. */
const specifierFor = (file: string, target: string, old: string): string => {
  const path = posix.relative(posix.dirname(file), target);
  const ending = SCRIPT.exec(old)?.[0];
  const styled = !SCRIPT.test(target)
    ? path
    : ending === undefined
      ? withoutExtension(path)
      : withoutExtension(path) + ending;
  return styled.startsWith('.') ? styled : `./${styled}`;
};

interface Move {
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
}

/** What `specifier` in `file` has to become after the move; `undefined` where it stays right. */
const movedSpecifier = (file: string, specifier: string, { from, to, files }: Move): string | undefined => {
  if (file !== from) return pointsTo(file, specifier, from) ? specifierFor(file, to, specifier) : undefined;
  const target = files.find((other) => pointsTo(file, specifier, other));
  if (target === undefined) return undefined;
  return specifierFor(to, target === from ? to : target, specifier);
};

const brokenImports = (file: string, content: string, move: Move): ReadonlyMap<string, string> => {
  const changes = new Map<string, string>();
  for (const [text, quote = '', specifier = ''] of content.matchAll(SPECIFIER)) {
    const moved = movedSpecifier(file, specifier, move);
    if (moved !== undefined && moved !== specifier) changes.set(text, `${quote}${moved}${quote}`);
  }
  return changes;
};

const eachImport = async (operation: Of<'each_import'>, scope: Scope, place: Place): Promise<Operation[]> => {
  const from = renderText(operation.of, scope);
  const to = renderText(operation.moved_to, scope);
  const expanded: Operation[] = [];
  for await (const { file, content } of textFiles(
    place.directory,
    place.files,
    '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}',
  )) {
    place.signal.throwIfAborted();
    for (const [text, replacement] of brokenImports(file, content, { from, to, files: place.files })) {
      expanded.push(...operation.do.map((inner) => renderDeep(inner, { ...scope, file, text, replacement })));
    }
  }
  return expanded;
};

const expandOne = async (operation: RecipeOperation, scope: Scope, place: Place): Promise<readonly Operation[]> => {
  switch (operation.op) {
    case 'if':
      return holds(operation.when, scope) ? operation.do.map((inner) => renderDeep(inner, scope)) : [];
    case 'each_occurrence':
      return eachOccurrence(operation, scope, place);
    case 'each_import':
      return eachImport(operation, scope, place);
    default:
      return [renderDeep(operation, scope)];
  }
};

/**
 * Turns a recipe's operations into operations of a plan: explicit, reviewable, checked before they run.
 * @throws when they are too many for one plan
 */
export const expandOperations = async (
  operations: readonly RecipeOperation[],
  scope: Scope,
  place: Place,
): Promise<Operation[]> => {
  const expanded: Operation[] = [];
  for (const operation of operations) expanded.push(...(await expandOne(operation, scope, place)));
  if (expanded.length > MAX_OPERATIONS) {
    throw new Error(`this would take ${expanded.length} operations, more than the ${MAX_OPERATIONS} of one plan`);
  }
  return expanded;
};
