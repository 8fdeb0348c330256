import { createHash } from 'node:crypto';

/**
 * Names how far the work is: the files as they lie there and the checks that passed on them. Two failures under the same
 * name have nothing between them that could have helped.
 * @param tree `null`: there are no files, or they cannot be told
 */
export const progressOf = (tree: string | null, passed: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([tree, [...passed].sort()]))
    .digest('hex')
    .slice(0, 16);
