import type { ProjectMap } from '#contracts';
import { validateMap } from '#domain';
import { parseSpecification } from './parse-specification.ts';

export interface MapOfSpecification {
  /** `null`: it is prose and names no task, so somebody has to think about it. */
  readonly map: ProjectMap | null;
  /** Everything that keeps its tasks from being run as they are written. */
  readonly problems: readonly string[];
}

/** A specification that names its tasks is its own map. */
export const mapOfSpecification = (markdown: string): MapOfSpecification => {
  const { map, problems } = parseSpecification(markdown);
  return { map, problems: [...problems, ...(map ? validateMap(map) : [])] };
};
