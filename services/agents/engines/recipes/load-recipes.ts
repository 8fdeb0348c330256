import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProjectRecipe, Recipe } from '#contracts';
import type { parseRecipe } from './parse-recipe.ts';

/** A recipe file that cannot be used. It costs nobody else anything: the other recipes still work. */
export interface RecipeProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly problem: string;
}

export interface LoadedRecipe<Kind extends Recipe | ProjectRecipe = Recipe> {
  readonly file: string;
  readonly recipe: Kind;
}
export type AnyLoaded = LoadedRecipe<Recipe | ProjectRecipe>;

export interface LoadedRecipes {
  /** In the order they are tried: a later folder first, then by name. */
  readonly recipes: readonly LoadedRecipe[];
  /** Skeletons of projects, in the same order. */
  readonly projects: readonly LoadedRecipe<ProjectRecipe>[];
  readonly problems: readonly RecipeProblem[];
}

/** Much more than a runbook needs, and little enough to read at every plan. */
const MAX_BYTES = 256 * 1024;

const filesOf = async (folder: string): Promise<readonly string[]> => {
  // A folder that is not there holds no recipes.
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
};

/** The newest texts of files, parsed: every plan reads all recipes, and they hardly ever change. */
const parsed = new Map<string, { readonly text: string; readonly answer: ReturnType<typeof parseRecipe> }>();
/** Worktrees bring files of their own, and go. */
const MOST_PARSED = 200;

const parseOnce = async (file: string, text: string): Promise<ReturnType<typeof parseRecipe>> => {
  const known = parsed.get(file);
  if (known?.text === text) return known.answer;
  const { parseRecipe: parse } = await import('./parse-recipe.ts');
  const answer = parse(file, text);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(file, { text, answer });
  return answer;
};

const loadFile = async (file: string): Promise<AnyLoaded | { readonly problems: readonly RecipeProblem[] }> => {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes; a recipe is a short runbook`);
    return await parseOnce(file, text);
  } catch (error) {
    return { problems: [{ file, line: 1, problem: error instanceof Error ? error.message : String(error) }] };
  }
};

/** Reads every recipe of the folders. A recipe in a later folder replaces one of the same name in an earlier one. */
export const loadRecipes = async (folders: readonly string[]): Promise<LoadedRecipes> => {
  const byName = new Map<string, AnyLoaded & { readonly rank: number }>();
  const problems: RecipeProblem[] = [];
  for (const [rank, folder] of folders.entries()) {
    for (const loaded of await Promise.all((await filesOf(folder)).map(loadFile))) {
      if ('problems' in loaded) problems.push(...loaded.problems);
      else byName.set(loaded.recipe.name, { ...loaded, rank });
    }
  }
  const ordered = [...byName.values()].sort((a, b) => b.rank - a.rank || (a.recipe.name < b.recipe.name ? -1 : 1));
  return {
    recipes: ordered.flatMap(({ file, recipe }) => ('kind' in recipe ? [] : [{ file, recipe }])),
    projects: ordered.flatMap(({ file, recipe }) => ('kind' in recipe ? [{ file, recipe }] : [])),
    problems,
  };
};

export const describeProblem = ({ file, line, problem }: RecipeProblem): string => `${file}:${line}: ${problem}`;
