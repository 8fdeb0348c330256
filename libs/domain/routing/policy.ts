import * as z from 'zod';
import { Role, Workflow } from '#contracts';

const Confidence = z.number().min(0).max(1);
/** Lower-case words; several make a phrase. */
const Phrase = z.string().regex(/^[^\sA-Z-]+(?: [^\sA-Z-]+)*$/, {
  error: 'words are lower case, single spaces between them, no hyphens',
});
const Phrases = z.array(Phrase);

/** Verbs that mean the same at the head of a clause. */
export const VerbFamily = z.strictObject({
  id: z.string().min(1),
  workflow: Workflow.nullable().describe('null: understood, points nowhere'),
  confidence: Confidence.nullable(),
  words: Phrases.min(1),
  makes_wholes: z
    .enum(['none', 'new', 'any'])
    .default('none')
    .describe('whether what it makes may be a project, a system, a platform; new: only "a" or "a new" one'),
  scope: z.boolean().default(false).describe('words of scope count although the verb itself points nowhere'),
  defects: z
    .enum(['none', 'repairs', 'certain', 'any'])
    .default('none')
    .describe('which defects as its object make it a repair'),
  objects: Phrases.optional().describe('the verb counts only with one of these as its object'),
});
export type VerbFamily = z.infer<typeof VerbFamily>;

/** `data/routing.yaml`: the signals, numbers and words that route a goal. A team can change every one of them. */
export const RoutingPolicy = z.strictObject({
  verbs: z.array(VerbFamily).min(1),
  defects: z.strictObject({
    confidence: Confidence,
    nouns: Phrases,
    certain: Phrases,
    repairs: Phrases,
    states: Phrases,
    modifiers: Phrases,
  }),
  scope: z.strictObject({
    confidence: Confidence,
    wholes: Phrases,
    wide: Phrases,
    small: Phrases,
    strong: Phrases,
    weak: Phrases,
    adverbs: Phrases,
    components_for_huge: z.int().min(2),
    components: z.record(z.string().min(1), Phrases),
  }),
  lists: z.strictObject({
    confidence: Confidence,
    // Not a default: what is parsed has the hash of what was stored.
    fewest_given: z
      .int()
      .positive()
      .optional()
      .describe('so many tasks that were named are several; in tables that do not say it, 2'),
    details: Phrases,
    announcements: Phrases,
    commands: Phrases,
  }),
  existing_plan: z.strictObject({ workflow: Workflow, confidence: Confidence }),
  requested: z.strictObject({ confidence: Confidence }),
  default: z.strictObject({ workflow: Workflow, confidence: Confidence }),
  disagreement: Confidence,
  lowest_confidence: Confidence,
  agents: z.record(Workflow, z.array(Role).min(1)),
  skills: z.record(z.string().min(1), Phrases),
  most_skills: z.int().min(0).max(4),
  grammar: z.strictObject({
    fillers: Phrases,
    wishes: Phrases,
    negations: Phrases,
    determiners: Phrases,
    indefinite: Phrases,
    joins: Phrases,
    contrasts: Phrases,
    parts: Phrases,
    breaks: Phrases,
    modals: Phrases,
  }),
});
export type RoutingPolicy = z.infer<typeof RoutingPolicy>;
