import type { PlannerAnswer, PlannerQuestion, ProjectRecipe, Recipe, RecipeLookup } from '#contracts';
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

/** A question of the recipe, and what it came to. */
export interface Confirmation {
  readonly question: string;
  readonly response: string;
  readonly round: number;
  /** Nobody answered: the default stands. */
  readonly assumed: boolean;
}

export interface Prepared {
  readonly scope: Scope;
  readonly confirmations: readonly Confirmation[];
  /** What nobody has answered yet; the scope has the defaults. */
  readonly open: readonly PlannerQuestion[];
}

/** What is known, and whether more can be asked. */
export interface Knowledge {
  /** What the goal says. */
  readonly given: Readonly<Record<string, string>>;
  readonly answers: readonly PlannerAnswer[];
  readonly canAsk: boolean;
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

const isFit = (pattern: string | undefined, value: string): boolean =>
  pattern === undefined || matchAll(`^(?:${pattern})$`, 'u', value).length > 0;

/** The answers to the question about a parameter: one that was no use is asked again, as `name.2`. */
const answersTo = (parameter: string, answers: readonly PlannerAnswer[]): readonly PlannerAnswer[] =>
  answers.filter(({ id }) => id === parameter || id.startsWith(`${parameter}.`));

type Asked = { readonly confirmation: Confirmation } | { readonly open: PlannerQuestion };

/** What a question came to, or the question as it is to be put. */
const askAbout = (
  recipe: RecipeHead,
  { parameter, question, default: fallback }: RecipeHead['questions'][number],
  { answers, canAsk }: Knowledge,
  scope: Scope,
): Asked => {
  const known = answersTo(parameter, answers);
  const last = known.at(-1);
  const { description = question, pattern } = recipe.parameters[parameter] ?? {};
  if (last && (isFit(pattern, last.response) || !canAsk)) {
    const { response, round, assumed } = last;
    return { confirmation: { question, response, round: Math.max(1, round), assumed } };
  }
  const why = last ? `${JSON.stringify(last.response)} cannot be used as ${description}. ` : '';
  return {
    open: {
      id: last ? `${parameter}.${known.length + 1}` : parameter,
      question: `${why}${question}`,
      options: [],
      default: renderText(fallback, scope),
    },
  };
};

interface Answered extends Pick<Prepared, 'confirmations' | 'open'> {
  readonly values: Readonly<Record<string, string>>;
}

/** What is known of the parameters that are asked for; while a question is open, its default stands. */
const askAll = (recipe: RecipeHead, knowledge: Knowledge, base: Scope): Answered => {
  const values: Record<string, string> = { ...knowledge.given };
  const confirmations: Confirmation[] = [];
  const open: PlannerQuestion[] = [];
  for (const question of recipe.questions) {
    if (values[question.parameter] !== undefined) continue;
    const asked = askAbout(recipe, question, knowledge, { ...base, ...values });
    if ('open' in asked) open.push(asked.open);
    const taken =
      'open' in asked
        ? { question: asked.open.question, response: asked.open.default, round: 1, assumed: true }
        : asked.confirmation;
    values[question.parameter] = taken.response;
    confirmations.push(taken);
  }
  return { values, confirmations, open };
};

/** Values for all parameters, or the first one that is missing or refused. */
const fillParameters = (recipe: RecipeHead, knowledge: Knowledge, base: Scope): DoesNotApply | Answered => {
  const { values: answered, ...asked } = askAll(recipe, knowledge, base);
  const values: Record<string, string> = { ...answered };
  for (const [name, { description, pattern, default: fallback }] of Object.entries(recipe.parameters)) {
    if (values[name] === undefined && fallback !== undefined)
      values[name] = renderText(fallback, { ...base, ...values });
    const value = values[name];
    if (value === undefined) return { reason: `the goal does not say ${description}, as in "${recipe.example}"` };
    if (!isFit(pattern, value)) return { reason: `${JSON.stringify(value)} cannot be used as ${description}` };
  }
  return { values, ...asked };
};

/** Reads what the recipe asks for, fills its parameters, and checks that it can be used in this workspace. */
export const prepare = async (
  recipe: RecipeHead,
  knowledge: Knowledge,
  workspace: WorkspaceFacts,
  directory: string,
): Promise<DoesNotApply | Prepared> => {
  const found = await findAll(recipe, knowledge.given, directory, workspace);
  const base = { workspace, found };
  const filled = fillParameters(recipe, knowledge, base);
  if ('reason' in filled) return filled;
  const scope = { ...filled.values, ...base };
  for (const { require, otherwise } of recipe.applies_when) {
    if (!holds(require, scope)) return { reason: renderText(otherwise, scope) };
  }
  return { scope, confirmations: filled.confirmations, open: filled.open };
};
