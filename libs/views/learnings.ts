import type { Redis } from 'ioredis';
import * as z from 'zod';
import { Learning } from '#contracts';
import type { Run } from '#domain';
import { viewKeys } from './keys.ts';

const StoredLearning = z.strictObject({ ...Learning.shape, workspace: z.string().nullable() });

/** What a run found out is never taken back: each entry is written as it is, in any order, any number of times. */
export const storeLearnings = async (redis: Redis, tag: string, run: Run): Promise<void> => {
  const { id, learnings, submission } = run;
  if (learnings.length === 0) return;
  const entries = learnings.map(({ domain, text, time }, index): [string, string] => {
    const learning: z.infer<typeof StoredLearning> = {
      domain,
      text,
      time,
      orchestration: id,
      workspace: submission.workspace,
    };
    return [`${id}/${index}`, JSON.stringify(learning)];
  });
  await redis.hset(viewKeys(tag).learnings, Object.fromEntries(entries));
};

/** What runs found out, in no order. @param workspace `null`: in all of them */
export const readLearned = async (
  redis: Redis,
  tag: string,
  workspace: string | null,
): Promise<readonly Learning[]> => {
  const stored = await redis.hvals(viewKeys(tag).learnings);
  return stored.flatMap((json) => {
    const { workspace: where, ...learning } = StoredLearning.parse(JSON.parse(json));
    return workspace === null || where === workspace ? [learning] : [];
  });
};
