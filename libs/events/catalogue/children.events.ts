import * as z from 'zod';
import { Commit, OrchestrationId, OutcomeKind, ProjectMap, Task, TaskId } from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

/** Facts of a run that consists of tasks, each of which is a run of its own. */
export const childrenEvents = [
  defineEvent(
    'map.drawn',
    3,
    z.strictObject({
      ...reported,
      map: ProjectMap,
      source: z.string().describe('who drew it: "specification", "recipe node-service"'),
    }),
  ),
  defineEvent('children.planned', 3, z.strictObject({ tasks: z.array(Task).min(1), atOnce: z.int().positive() })),
  defineEvent(
    'child.started',
    1,
    z.strictObject({
      task: TaskId,
      child: OrchestrationId,
      try: z.int().positive().describe('2 and more: its branch did not merge, so it is done again on the merged tree'),
      bases: z.array(Commit),
    }),
  ),
  defineEvent(
    'child.ended',
    2,
    z.strictObject({
      task: TaskId,
      child: OrchestrationId,
      outcome: OutcomeKind,
      reason: z.string().nullable(),
      base: Commit.nullable(),
      commit: Commit.nullable().describe('its last verified commit'),
      spent: z
        .strictObject({
          usd: z.number().nonnegative(),
          inputTokens: z.int().nonnegative(),
          cachedTokens: z.int().nonnegative(),
          cacheWriteTokens: z.int().nonnegative(),
          outputTokens: z.int().nonnegative(),
        })
        .describe('what its run cost'),
    }),
  ),
  defineEvent('child.skipped', 1, z.strictObject({ task: TaskId, reason: z.string() })),
  defineEvent(
    'branch.merged',
    1,
    z.strictObject({ ...reported, task: TaskId, child: OrchestrationId, commit: Commit.describe('the merged tree') }),
  ),
  defineEvent('abort.requested', 1, z.strictObject({ reason: z.string().nullable() })),
] as const;
