import leven from 'leven';
import type * as z from 'zod';

/** The known name that was probably meant, or `null`. Three edits, or half the word, is a different word. */
export const didYouMean = (name: string, known: readonly string[]): string | null => {
  const ranked = known
    .map((candidate) => ({ candidate, edits: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= 3 && edits < candidate.length / 2 + 1)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate ?? null;
};

export const unknownName = (name: string, known: readonly string[]): string => {
  const meant = didYouMean(name, known);
  return `unknown key "${name}"; ${meant === null ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`}`;
};

export interface Place {
  /** `studio.yaml:7` of the deepest part of the path that was written somewhere. */
  readonly at: (path: readonly string[]) => string;
  /** Keys that are allowed beside the last part of the path. */
  readonly known: (path: readonly string[]) => readonly string[];
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Every issue as `<where>: <key>: <what is, what was expected>`. */
export const describeIssues = (issues: readonly z.core.$ZodIssue[], { at, known }: Place): string[] =>
  issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      const prefix = path.length === 0 ? '' : `${path.join('.')}: `;
      return issue.keys.map((key) => `${at([...path, key])}: ${prefix}${unknownName(key, known(path))}`);
    }
    return [`${at(path)}: ${path.join('.')}: ${lowerFirst(issue.message)}`];
  });
