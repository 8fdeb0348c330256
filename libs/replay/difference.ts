export interface Difference {
  /** Where, as a path: `data.signals.0.word`. */
  readonly field: string;
  readonly left: unknown;
  readonly right: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The first place where two documents of JSON differ, in the order of their keys; fields of these names are not looked at. */
export const firstDifference = (
  left: unknown,
  right: unknown,
  ignored: ReadonlySet<string>,
  at = '',
): Difference | null => {
  if (Object.is(left, right)) return null;
  if (!isRecord(left) || !isRecord(right) || Array.isArray(left) !== Array.isArray(right))
    return { field: at, left, right };
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (ignored.has(key)) continue;
    const found = firstDifference(left[key], right[key], ignored, at === '' ? key : `${at}.${key}`);
    if (found) return found;
  }
  return null;
};
