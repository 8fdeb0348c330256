import * as z from 'zod';
import { LearningDomain } from './context.ts';
import { EngineAnswer, EngineRequestDocument } from './engine-protocol.ts';
import { Role } from './ids.ts';

/** What an agent asks of an engine, and so of whoever does it by hand. */
export const WorkKind = z.enum(['plan', 'decompose', 'step', 'fix']);
export type WorkKind = z.infer<typeof WorkKind>;

/** What became of a piece of work that was handed out: exactly one of these. `done`: there is an answer. */
export const WorkOutcome = z.enum(['done', 'cannot', 'failed', 'expired', 'withdrawn', 'superseded']);
export type WorkOutcome = z.infer<typeof WorkOutcome>;

/** Work of an agent that is handed out, to a person or to an agent that somebody else runs. */
export const Assignment = z.strictObject({
  id: z.string(),
  role: Role,
  kind: WorkKind,
  about: z.string().describe('the step or the gate; else the kind again'),
  attempt: z.int().positive(),
  commit: z.string().nullable().describe('what it begins with; null: there are no files'),
  opened_at: z.string(),
  deadline: z.string().nullable().describe('nobody can hand it in after this; null: it waits for as long as it takes'),
  held: z
    .strictObject({
      lease: z.int().positive().describe('to be named when the work is handed in, renewed or given back'),
      by: z.string(),
      since: z.string(),
      until: z.string().describe('then it is free to be taken again, unless it was renewed'),
    })
    .nullable()
    .describe('null: free to be taken'),
  outcome: WorkOutcome.nullable(),
  by: z.string().nullable().describe('who handed it in'),
});
export type Assignment = z.infer<typeof Assignment>;

/** What a run hands out now, and all that is needed to do it. */
export const AssignmentDocument = z.strictObject({
  orchestration: z.string(),
  goal: z.string(),
  assignment: Assignment,
  directory: z
    .string()
    .nullable()
    .describe('where whoever holds it changes files; null: free, without a workspace, or on another machine'),
  problem: z.string().nullable().describe('what could not be prepared in the folder'),
  request: EngineRequestDocument.describe('as an engine gets it; `directory` is empty where there is none'),
});
export type AssignmentDocument = z.infer<typeof AssignmentDocument>;

const lease = z.int().positive().describe('that of the one who took it');

/** What is handed in. The files are taken from the folder of the lease, or from another worktree of the same repository. */
export const HandIn = z.strictObject({
  lease,
  answer: EngineAnswer,
  learnings: z
    .array(
      z.strictObject({ domain: LearningDomain.nullable().default(null), text: z.string().trim().min(1).max(2_000) }),
    )
    .max(20)
    .default([])
    .describe('what the next run should know'),
  directory: z.string().min(1).nullable().default(null).describe('null: the folder of the lease'),
});
export type HandIn = z.infer<typeof HandIn>;

/** What whoever holds a piece of work may tell, beside the work itself. */
export const assignmentCommands = [
  z.strictObject({ command: z.literal('renew_work'), lease }),
  z.strictObject({ command: z.literal('give_back_work'), lease }),
] as const;
