import type { AcceptanceCriterion } from '#contracts';
import { findLockFile } from '#workspace';
import type { BaseRequest } from './base-verdicts.ts';
import { createVerdictCache } from './verdict-cache.ts';
import { verify } from './verify.ts';

export interface ShowRequest extends Omit<BaseRequest, 'gates' | 'onRun'> {
  readonly criteria: readonly AcceptanceCriterion[];
  /** Told before a check really runs. */
  readonly onRun?: (criterion: AcceptanceCriterion) => void;
}

export interface Shown {
  readonly results: readonly {
    readonly id: string;
    readonly criterion: string;
    readonly before: 'passed' | 'failed';
  }[];
  /** How many really ran. Where any did, they may have left files behind: reset the worktree. */
  readonly ran: number;
}

/**
 * Checks on the base what is to hold at the end. What cannot even run there fails there, which is all that is asked of it.
 * @throws the signal's reason when aborted
 */
export const showOnBase = async (request: ShowRequest): Promise<Shown> => {
  const { criteria, directory } = request;
  const lock = (await findLockFile(directory))?.content;
  const cache = createVerdictCache({ ...request, tree: await request.treeHash(), lock });
  const results: Shown['results'][number][] = [];
  let ran = 0;
  for (const criterion of criteria) {
    const check = JSON.stringify(criterion.verification);
    let base = await cache.recall(check);
    if (base === null) {
      request.onRun?.(criterion);
      base = (await verify(criterion, request)).passed ? 'green' : 'red';
      ran += 1;
      await cache.remember(check, base);
    }
    const before = base === 'green' ? 'passed' : 'failed';
    results.push({ id: criterion.id, criterion: criterion.criterion, before });
  }
  return { results, ran };
};
