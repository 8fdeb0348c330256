import type { Operation, Task } from '#contracts';
import type { Run } from '../run.ts';

/**
 * Whether two tasks may touch one file, by the globs they declare. Of patterns that are hard to compare it is assumed
 * that they meet; a task that declares nothing shares nothing.
 */

const SPECIAL = /[*?[\]{}()!+@|\\]/;
/** From here on a pattern may match any path: alternatives can hold folders of any depth. */
const OPENS_ALTERNATIVES = /[{(]/;

/** A class that is one character of a name, for sure: no path, and no range that a slash lies in. */
const CLASS = /\[[!^]?(?:[a-z0-9]-[a-z0-9]|[^[\]\\/:-])+\]/g;

const isAlternatives = (glob: string): boolean => glob.replaceAll(/\([^()]*\)/g, '').includes('|');

const mayMatchPath = (segment: string): boolean =>
  OPENS_ALTERNATIVES.test(segment) || segment.replaceAll(CLASS, '').includes('[');

const isPlain = (segment: string): boolean => !SPECIAL.test(segment);

/** A plain name without a dot may be a folder, and so may whatever ends with a slash: all that lies in it is meant too. */
const mayBeFolder = (glob: string, last: string): boolean =>
  glob.endsWith('/') || (isPlain(last) && !last.slice(1).includes('.'));

/** `./src//api` as `src`, `api`, `**`; from a brace, a group or an unusual class on, everything counts as `**`. Letter case is ignored, as some file systems do. */
const segmentsOf = (glob: string): readonly string[] => {
  if (isAlternatives(glob)) return ['**'];
  const segments: string[] = [];
  for (const segment of glob.toLowerCase().split('/')) {
    if (segment === '' || segment === '.') continue;
    if (mayMatchPath(segment)) return [...segments, '**'];
    segments.push(segment);
  }
  const last = segments.at(-1);
  return last === undefined || mayBeFolder(glob, last) ? [...segments, '**'] : segments;
};

const beforeSpecial = (segment: string): string => segment.slice(0, segment.search(SPECIAL));
const afterSpecial = (segment: string): string => {
  let from = segment.length;
  while (from > 0 && isPlain(segment[from - 1] ?? '')) from -= 1;
  return segment.slice(from);
};

const mayMatch = (name: string, glob: string): boolean =>
  name.startsWith(beforeSpecial(glob)) && name.endsWith(afterSpecial(glob));

const beginAlike = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);
const endAlike = (a: string, b: string): boolean => a.endsWith(b) || b.endsWith(a);

/** Whether one name may match both. */
const mayMeetIn = (a: string, b: string): boolean => {
  if (isPlain(a)) return isPlain(b) ? a === b : mayMatch(a, b);
  if (isPlain(b)) return mayMatch(b, a);
  return beginAlike(beforeSpecial(a), beforeSpecial(b)) && endAlike(afterSpecial(a), afterSpecial(b));
};

const isAnything = (segment: string): boolean => segment === '**';

/** Whether one path may match both. */
const mayMeet = (a: readonly string[], b: readonly string[]): boolean => {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const [left, right] = [a[i], b[j]];
    if (left === undefined) return b.slice(j).every(isAnything);
    if (right === undefined) return a.slice(i).every(isAnything);
    const key = i * (b.length + 1) + j;
    const found = known.get(key);
    if (found !== undefined) return found;
    const meets =
      isAnything(left) || isAnything(right)
        ? from(i + 1, j) || from(i, j + 1)
        : mayMeetIn(left, right) && from(i + 1, j + 1);
    known.set(key, meets);
    return meets;
  };
  return from(0, 0);
};

const pathsOf = (operation: Operation): readonly string[] => {
  switch (operation.op) {
    case 'write':
    case 'edit':
    case 'delete':
      return [operation.path];
    case 'move':
      return [operation.from, operation.to];
    case 'run':
      return [];
  }
};

/** What the plan of a task writes is declared too. */
export const filesOfTask = ({ files, plan }: Pick<Task, 'files' | 'plan'>): readonly string[] => [
  ...files,
  ...(plan?.steps ?? []).flatMap(({ operations = [] }) => operations.flatMap(pathsOf)),
];

/** `!src/**` is left alone; `!(a).ts` is whatever else ends like that. */
const isExcluded = (glob: string): boolean => glob.startsWith('!') && !glob.startsWith('!(');

const segmentsOfTask = new WeakMap<Task, readonly (readonly string[])[]>();

const declared = (task: Task): readonly (readonly string[])[] => {
  const known = segmentsOfTask.get(task);
  if (known) return known;
  const segments = filesOfTask(task).flatMap((glob) => (isExcluded(glob) ? [] : [segmentsOf(glob)]));
  segmentsOfTask.set(task, segments);
  return segments;
};

export const shareFiles = (a: Task, b: Task): boolean =>
  declared(a).some((left) => declared(b).some((right) => mayMeet(left, right)));

/** What a run has changed, and what its plan and its tasks say that they will. */
export const filesOfRun = ({ files, plan, submission, children }: Run): readonly string[] => [
  ...new Set([
    ...files.map(({ path }) => path),
    ...filesOfTask({ files: [], plan: plan?.plan ?? submission.plan }),
    ...(children.length > 0 ? children.map(({ task }) => task) : submission.tasks).flatMap(filesOfTask),
  ]),
];

/** Paths and globs of the first list that may be one file with some of the second. */
export const filesInCommon = (ours: readonly string[], theirs: readonly string[]): readonly string[] => {
  const others = theirs.filter((glob) => !isExcluded(glob)).map(segmentsOf);
  return ours.filter((glob) => !isExcluded(glob) && others.some((other) => mayMeet(segmentsOf(glob), other)));
};
