import * as z from 'zod';
import { AcceptanceCriterion, GatheredRequirements, Operation, QualityGates, SuccessCriterion } from './plan.ts';
import { Effort, MapTaskId } from './project-map.ts';

/** The name of something a template can use: `{{ path }}`. */
const Name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
  error: 'a name has lower-case letters, digits and "_", and starts with a letter',
});

const isRegex = (source: string): boolean => {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
};
const Regex = z.string().min(1).max(1_000).refine(isRegex, { error: 'this is not a regular expression' });

/** Globs relative to the workspace; one that starts with `!` excludes. */
const Globs = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** A Liquid expression, without braces: `found.readme and workspace.package.type == 'module'`. */
const Condition = z.string().min(1).max(500);

export const RecipeParameter = z.strictObject({
  description: z.string().min(1),
  pattern: Regex.optional().describe('the whole value must match; anything else is refused with the description'),
  default: z
    .string()
    .optional()
    .describe('a template, taken when the goal does not say; without one the goal must say'),
});
export type RecipeParameter = z.infer<typeof RecipeParameter>;

/** Asked where somebody can answer; else the default is taken as a stated assumption. The answer is `{{ <parameter> }}`. */
export const RecipeQuestion = z.strictObject({
  parameter: Name,
  question: z.string().min(1),
  default: z.string().describe('a template'),
});
export type RecipeQuestion = z.infer<typeof RecipeQuestion>;

/**
 * Something to look for in the files of the workspace before planning. The first match is `found.<name>`, with `file`,
 * `text`, and what the named groups of the expression took; `found.<name>` is nil where there is none.
 */
export const RecipeLookup = z.strictObject({
  in: Globs,
  matching: Regex.describe('multi-line (`m`) regular expression with named groups; a template over what the goal gave'),
  ignore_case: z.boolean().default(false),
});
export type RecipeLookup = z.infer<typeof RecipeLookup>;

export const RecipeRequirement = z.strictObject({
  require: Condition,
  otherwise: z.string().min(1).describe('a template: why the recipe cannot be used here and what would help'),
});
export type RecipeRequirement = z.infer<typeof RecipeRequirement>;

/** What a plan says it gathered, as far as the recipe knows it; what was assumed is added while planning. */
const RecipeRequirements = z.strictObject({
  scope: GatheredRequirements.shape.scope.default({ included: [], excluded: [] }),
  success_criteria: GatheredRequirements.shape.success_criteria.default([]),
  technical_constraints: GatheredRequirements.shape.technical_constraints.default([]),
  edge_cases: GatheredRequirements.shape.edge_cases.default([]),
  quality_requirements: GatheredRequirements.shape.quality_requirements.default([]),
});

/** Operations of a plan, plus two that are worked out while planning: a plan itself has neither. */
export const RecipeOperation = z.discriminatedUnion('op', [
  ...Operation.options,
  z
    .strictObject({ op: z.literal('if'), when: Condition, do: z.array(Operation).min(1) })
    .describe('operations only where the condition holds'),
  z
    .strictObject({
      op: z.literal('each_occurrence'),
      of: z.string().min(1).describe('a template: the text to look for'),
      in: Globs.default('**'),
      whole_word: z.union([z.boolean(), Condition]).default(false),
      any_case: z.boolean().default(false).describe('also Capitalised and UPPER CASE'),
      do: z.array(Operation).min(1),
    })
    .describe('once for each file and spelling, as `{{ file }}` and `{{ text }}`'),
  z
    .strictObject({
      op: z.literal('each_import'),
      of: z.string().min(1).describe('a template: the path of the file that moves'),
      moved_to: z.string().min(1),
      do: z.array(Operation).min(1),
    })
    .describe('once for each import that the move breaks, as `{{ file }}`, `{{ text }}` and `{{ replacement }}`'),
]);
export type RecipeOperation = z.infer<typeof RecipeOperation>;

export const RecipeStep = z.strictObject({
  name: z.string().min(1).max(200),
  action: z.string().min(1),
  when: Condition.optional(),
  risky: z.boolean().optional(),
  critical: z.boolean().optional(),
  operations: z.array(RecipeOperation).min(1),
  success_criteria: z.array(SuccessCriterion.extend({ when: Condition.optional() })).min(1, {
    error: 'a step without a check would only claim to be done',
  }),
});
export type RecipeStep = z.infer<typeof RecipeStep>;

/** Which goals a recipe takes, what it has to know, and where it can be used. */
const head = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'a recipe name looks like add-script' }),
  version: z.int().positive(),
  description: z.string().min(1),
  example: z.string().min(1).describe('a goal that this recipe takes, as a person would type it'),
  signals: z.array(Regex).min(1).describe('matched against the goal, any case; named groups become parameters'),
  parameters: z.record(Name, RecipeParameter).default({}),
  questions: z.array(RecipeQuestion).default([]),
  look_for: z.record(Name, RecipeLookup).default({}),
  applies_when: z.array(RecipeRequirement).default([]),
  nothing_to_do: z
    .string()
    .min(1)
    .default('it finds nothing to do here')
    .describe('a template, told when no step is left'),
  cautions: z.array(z.string().min(1)).default([]).describe('what this recipe cannot see, told with the plan'),
};

/** What is done, and how it is checked. */
const work = {
  requirements: RecipeRequirements.default(RecipeRequirements.parse({})),
  steps: z.array(RecipeStep).min(1),
  acceptance_criteria: z
    .array(AcceptanceCriterion.omit({ id: true }).extend({ when: Condition.optional() }))
    .default([]),
  quality_gates: QualityGates.default({}),
};

/**
 * A runbook: from a goal that matches a signal to a plan whose steps need no model. Every text is a Liquid template
 * over the parameters, `workspace` and `found`; templates compute text and nothing else, so that a recipe out of a
 * stranger's repository runs nothing while it plans. Steps run in the order given.
 */
export const Recipe = z.strictObject({ ...head, ...work });
export type Recipe = z.infer<typeof Recipe>;

const Title = z.string().min(1).max(500).describe('a template');
const Description = z.string().default('');

/** A task of a skeleton; with steps it comes with its plan, without them it is planned when its turn comes. */
const ProjectRecipeTask = z.strictObject({
  id: MapTaskId,
  title: Title,
  description: Description,
  when: Condition.optional(),
  depends_on: z.array(MapTaskId).default([]),
  effort: Effort.default('S'),
  priority: z.int().min(1).max(5).default(3),
  value: z.int().min(1).max(5).default(3),
  files: z.array(z.string().min(1)).default([]),
  acceptance: z.array(z.string().min(1)).default([]).describe('in words; checks are acceptance_criteria'),
  ...work,
  steps: work.steps.optional(),
});

/**
 * A skeleton of a project: from a goal that matches a signal to a map of epics, features and tasks, each with the plan
 * that builds it. What a task leaves out under its condition, others do not wait for.
 */
export const ProjectRecipe = z.strictObject({
  kind: z.literal('project'),
  ...head,
  epics: z
    .array(
      z.strictObject({
        title: Title,
        description: Description,
        features: z
          .array(z.strictObject({ title: Title, description: Description, tasks: z.array(ProjectRecipeTask).min(1) }))
          .min(1),
      }),
    )
    .min(1),
});
export type ProjectRecipe = z.infer<typeof ProjectRecipe>;
