import * as z from 'zod';
import { FailureCategory } from '../ids.ts';
import { RegularExpression } from '../regular-expression.ts';

export const Routing = z.strictObject({
  confirm_threshold: z.number().min(0).max(1).describe('below this confidence a route is confirmed by a person'),
});

export const Recovery = z.strictObject({
  step_tries: z.int().min(1).max(20).describe('tries of one step before a person decides'),
  gate_tries: z.int().min(1).max(20).describe('tries of one gate before a person decides'),
  leases_per_attempt: z
    .int()
    .min(1)
    .max(100)
    .describe('workers that may die in one attempt without a verified step between, before a person decides'),
  checkpoint_every: z.int().min(1).max(100).describe('verified steps between two checkpoints'),
  replans: z.int().min(0).max(10).describe('plans that are made anew after a failure before a person decides'),
  repeats: z
    .int()
    .min(0)
    .max(20)
    .describe('the same error without progress so often is a loop, and a person decides at once; 0 turns this off'),
  patterns: z
    .array(z.strictObject({ pattern: RegularExpression, category: FailureCategory }))
    .describe('regular expressions that classify an error, asked before the built-in ones'),
});

export const Interactions = z.strictObject({
  rounds: z.int().min(0).max(5).describe('rounds of questions that a planner may ask'),
  readiness: z.number().min(0).max(1).describe('a planner that is as ready as this asks no more'),
  question_s: z.number().positive().max(604_800).describe('seconds after which a question takes its default'),
  decision_s: z
    .number()
    .positive()
    .max(31_536_000)
    .describe('seconds after which a decision that nobody made ends the run; its branch is kept'),
});

export const Tasks = z.strictObject({
  at_once: z.int().min(1).max(256).describe('tasks of one goal that run at the same time'),
});
