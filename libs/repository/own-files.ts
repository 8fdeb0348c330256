/**
 * What Studio itself keeps in a repository is not the person's work in progress: it neither makes a folder dirty nor keeps a
 * result from it. As pathspecs of git, from the top of the work tree; a workspace may be a folder below it.
 */
export const OWN_FILES: readonly string[] = [':(top,exclude).studio', ':(top,exclude,glob)**/studio/learnings/**'];
