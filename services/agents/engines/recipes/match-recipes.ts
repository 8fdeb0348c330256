import type { ProjectRecipe, Recipe, RecipeLookup } from '#contracts';
import { type Match, matchAll } from './safe-match.ts';
import { holds, renderDeep, renderText, type Scope } from './templates.ts';
import { textFiles, type WorkspaceFacts } from './workspace-facts.ts';

/** What a runbook and a skeleton of a project have in common: which goals they take, and what they have to know. */
export type RecipeHead = Pick<Recipe, Extract<keyof Recipe, keyof ProjectRecipe>>;

/** A goal is one sentence or two; what a text of pages says further down is no signal for a runbook. */
const MAX_SIGNAL_CHARACTERS = 500;

/** The parameters that the goal gives by the first signal that matches, or `null` when none does. */
export const matchSignals = (recipe: RecipeHead, goal: string): Readonly<Record<string, string>> | null => {
  const text = goal.slice(0, MAX_SIGNAL_CHARACTERS).trim();
  for (const signal of recipe.signals) {
    const [match] = matchAll(signal, 'iu', text);
    if (match) return match.groups;
  }
  return null;
};

/** The recipe was meant, and something about the goal or the workspace is in its way. `reason` says what would help. */
export interface DoesNotApply {
  readonly reason: string;
}

export interface Prepared {
  readonly scope: Scope;
  readonly assumptions: readonly { readonly question: string; readonly response: string }[];
}

const lookUp = async (
  { in: globs, matching, ignore_case }: RecipeLookup,
  directory: string,
  files: readonly string[],
): Promise<(Match['groups'] & { readonly file: string; readonly text: string }) | null> => {
  for await (const { file, content } of textFiles(directory, files, globs)) {
    const [match] = matchAll(matching, ignore_case ? 'imu' : 'mu', content);
    if (match) return { ...match.groups, file, text: match.text };
  }
  return null;
};

const findAll = async (
  recipe: RecipeHead,
  given: Scope,
  directory: string,
  workspace: WorkspaceFacts,
): Promise<Scope> => {
  const found: Record<string, unknown> = {};
  for (const [name, lookup] of Object.entries(recipe.look_for)) {
    const rendered = renderDeep(lookup, { ...given, workspace });
    found[name] = await lookUp(rendered, directory, workspace.files);
  }
  return found;
};

/** Values for all parameters, or the first one that is missing or refused. */
const fillParameters = (
  recipe: RecipeHead,
  given: Readonly<Record<string, string>>,
  base: Scope,
): DoesNotApply | { readonly values: Scope; readonly assumptions: Prepared['assumptions'] } => {
  const values: Record<string, string> = { ...given };
  const assumptions: { question: string; response: string }[] = [];
  for (const { parameter, question, default: answer } of recipe.questions) {
    if (values[parameter] !== undefined) continue;
    values[parameter] = renderText(answer, { ...base, ...values });
    assumptions.push({ question, response: values[parameter] });
  }
  for (const [name, { description, pattern, default: fallback }] of Object.entries(recipe.parameters)) {
    if (values[name] === undefined && fallback !== undefined)
      values[name] = renderText(fallback, { ...base, ...values });
    const value = values[name];
    if (value === undefined) return { reason: `the goal does not say ${description}, as in "${recipe.example}"` };
    if (pattern !== undefined && matchAll(`^(?:${pattern})$`, 'u', value).length === 0)
      return { reason: `${JSON.stringify(value)} cannot be used as ${description}` };
  }
  return { values, assumptions };
};

/** Reads what the recipe asks for, fills its parameters, and checks that it can be used in this workspace. */
export const prepare = async (
  recipe: RecipeHead,
  given: Readonly<Record<string, string>>,
  workspace: WorkspaceFacts,
  directory: string,
): Promise<DoesNotApply | Prepared> => {
  const found = await findAll(recipe, given, directory, workspace);
  const base = { workspace, found };
  const filled = fillParameters(recipe, given, base);
  if ('reason' in filled) return filled;
  const scope = { ...filled.values, ...base };
  for (const { require, otherwise } of recipe.applies_when) {
    if (!holds(require, scope)) return { reason: renderText(otherwise, scope) };
  }
  return { scope, assumptions: filled.assumptions };
};
