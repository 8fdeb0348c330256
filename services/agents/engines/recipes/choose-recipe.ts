import type { EngineBlocker, EngineContext } from '../engine.ts';
import { describeProblem, type LoadedRecipe, type RecipeProblem } from './load-recipes.ts';
import {
  type DoesNotApply,
  type Knowledge,
  matchSignals,
  type Prepared,
  prepare,
  type RecipeHead,
} from './match-recipes.ts';
import { renderDeep } from './templates.ts';
import { readWorkspaceFacts, type WorkspaceFacts } from './workspace-facts.ts';

type AnyLoaded<Head extends RecipeHead> = Omit<LoadedRecipe, 'recipe'> & { readonly recipe: Head };

/** A recipe that takes the goal, ready to be carried out in the workspace. */
export interface Chosen<Head extends RecipeHead> {
  readonly recipe: Head;
  readonly prepared: Prepared;
  readonly workspace: WorkspaceFacts;
}

/** What was made with a recipe, and what has to be said about it. */
export interface Made<Result> {
  readonly result: Result;
  readonly source: string;
  readonly cautions: readonly string[];
}

export interface ChooseOptions<Head extends RecipeHead, Result> {
  readonly recipes: readonly AnyLoaded<Head>[];
  readonly problems: readonly RecipeProblem[];
  readonly goal: string;
  readonly knowledge: Omit<Knowledge, 'given'>;
  readonly context: EngineContext;
  /** How else the goal could be reached, for people. */
  readonly otherWays: string;
  readonly make: (chosen: Chosen<Head>) => Promise<{ readonly result: Result } | DoesNotApply>;
}

interface Candidate<Head extends RecipeHead> extends AnyLoaded<Head> {
  /** What the goal says. */
  readonly given: Readonly<Record<string, string>>;
}

/** A recipe that fails is out of the question, and said so; it takes no other recipe with it. */
const broken = ({ file, recipe }: AnyLoaded<RecipeHead>, error: unknown): string =>
  `recipe ${recipe.name} is broken, correct ${file}: ${error instanceof Error ? error.message : String(error)}`;

const ignored = ({ problems }: { readonly problems: readonly RecipeProblem[] }): readonly string[] =>
  problems.map((problem) => `recipe ignored: ${describeProblem(problem)}`);

const findCandidates = <Head extends RecipeHead>(recipes: readonly AnyLoaded<Head>[], goal: string) => {
  const candidates: Candidate<Head>[] = [];
  const refusals: string[] = [];
  for (const loaded of recipes) {
    try {
      const given = matchSignals(loaded.recipe, goal);
      if (given !== null) candidates.push({ ...loaded, given });
    } catch (error) {
      refusals.push(broken(loaded, error));
    }
  }
  return { candidates, refusals };
};

const nothingMatches = <Head extends RecipeHead>(
  { recipes, problems, otherWays }: Pick<ChooseOptions<Head, unknown>, 'recipes' | 'problems' | 'otherWays'>,
  refusals: readonly string[],
): EngineBlocker => {
  const known = recipes.map(({ recipe }) => `"${recipe.example}" (${recipe.name})`);
  const list = known.length === 0 ? 'there are no recipes' : `the recipes take goals such as ${known.join(', ')}`;
  const reason = ['no recipe fits this goal', ...refusals, ...ignored({ problems })].join('; ');
  return { outcome: 'cannot', reason, unblock: `${otherWays}; ${list}` };
};

/** What one recipe makes, or the reason why it makes nothing of this workspace. */
const makeWith = async <Head extends RecipeHead, Result>(
  { recipe, given }: Candidate<Head>,
  workspace: WorkspaceFacts,
  { context: { directory, signal }, knowledge, make }: ChooseOptions<Head, Result>,
): Promise<Made<Result> | DoesNotApply> => {
  const prepared = await prepare(recipe, { ...knowledge, given }, workspace, directory);
  signal.throwIfAborted();
  if ('reason' in prepared) return { reason: `recipe ${recipe.name} does not apply: ${prepared.reason}` };
  const made = await make({ recipe, prepared, workspace });
  if ('reason' in made) return { reason: `recipe ${recipe.name} does not apply: ${made.reason}` };
  const assumed = prepared.confirmations
    .filter((confirmation) => confirmation.assumed)
    .map(({ question, response }) => `assumed: ${question} ${response}`);
  const cautions = [...assumed, ...renderDeep(recipe.cautions, prepared.scope)];
  return { ...made, source: `recipe ${recipe.name}`, cautions };
};

/** Recipes that match the goal are tried in order; the first that applies to the workspace is carried out. */
export const chooseRecipe = async <Head extends RecipeHead, Result>(
  options: ChooseOptions<Head, Result>,
): Promise<Made<Result> | EngineBlocker> => {
  const { context, otherWays } = options;
  const { candidates, refusals } = findCandidates(options.recipes, options.goal);
  if (candidates.length === 0) return nothingMatches(options, refusals);
  const workspace = await readWorkspaceFacts(context);
  for (const candidate of candidates) {
    context.progress(`trying recipe ${candidate.recipe.name}: ${candidate.recipe.description}`);
    const made = await makeWith(candidate, workspace, options).catch((error: unknown) => {
      context.signal.throwIfAborted();
      return { reason: broken(candidate, error) };
    });
    if ('result' in made) return { ...made, cautions: [...made.cautions, ...refusals, ...ignored(options)] };
    refusals.push(made.reason);
  }
  const reason = [...refusals, ...ignored(options)].join('; ');
  return { outcome: 'cannot', reason, unblock: `change what stands in the way of the recipe; or ${otherWays}` };
};
