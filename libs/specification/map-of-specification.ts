import type { ProjectMap } from '#contracts';
import { validateMap } from '#domain';

export interface MapOfSpecification {
  /** `null`: it is prose and names no task, so somebody has to think about it. */
  readonly map: ProjectMap | null;
  /** Everything that keeps its tasks from being run as they are written. */
  readonly problems: readonly string[];
}

/** A specification that names its tasks is its own map. What reads Markdown is loaded for the first one: every service would load it. */
export const mapOfSpecification = async (markdown: string): Promise<MapOfSpecification> => {
  const { parseSpecification } = await import('./parse-specification.ts');
  const { map, problems } = parseSpecification(markdown);
  return { map, problems: [...problems, ...(map ? validateMap(map) : [])] };
};
