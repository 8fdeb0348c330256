import { Config } from '#contracts';

/** One value of a layer. `path` has no array indices: a list is one value, because layers replace lists whole. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: string;
}

export interface Layer {
  readonly settings: readonly Setting[];
  /** Line of every key and list item, by dotted path; what a problem inside a value points at. */
  readonly lines: ReadonlyMap<string, number>;
  /** What is wrong with the text itself, each with its line. */
  readonly problems: readonly string[];
}

/** A file that is not there, or empty. */
export const EMPTY: Layer = { settings: [], lines: new Map(), problems: [] };

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

const isEmpty = (value: unknown): boolean => value === null || JSON.stringify(value) === '{}';

/** A whole file without content, and a section that is written down but empty, say nothing; a section of no such name is a mistake. */
const saysNothing = ([section, ...rest]: readonly string[], value: unknown): boolean =>
  section === undefined || (rest.length === 0 && section in Config.shape && isEmpty(value));

export const flatten = (
  value: unknown,
  origin: (path: readonly string[]) => string,
  path: readonly string[] = [],
): Setting[] => {
  if (!isGroup(value)) return saysNothing(path, value) ? [] : [{ path, value, origin: origin(path) }];
  return Object.entries(value).flatMap(([key, child]) => flatten(child, origin, [...path, key]));
};
