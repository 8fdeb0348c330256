import { isDeepStrictEqual } from 'node:util';
import type { MapEpic, MapFeature, MapTask, ProjectMap } from '#contracts';
import { RuleViolation } from '#contracts';
import { dependencyProblems, validateMap } from '#domain';
import type { BacklogEvent } from './backlog.events.ts';
import type { CommandOf } from './command.ts';
import { type BacklogState, evolveBacklog } from './state.ts';

const numberOf = (id: string): number => Number(id.slice(1));

/** The ids that parts of a map get here: that of a part that is known, its own where that is free, or a new one. */
const numbered = <Part extends { readonly id: string }>(
  parts: readonly Part[],
  letter: 'E' | 'F' | 'T',
  last: number,
  knownAs: (part: Part) => string | undefined,
) => {
  let highest = Math.max(last, ...parts.map(({ id }) => numberOf(id)));
  const ids = new Map<string, string>();
  const fresh: Part[] = [];
  for (const part of parts) {
    const known = knownAs(part);
    if (known === undefined) fresh.push(part);
    ids.set(part.id, known ?? (numberOf(part.id) > last ? part.id : `${letter}${++highest}`));
  }
  return { ids, fresh };
};

const titleKey = (...parts: readonly (string | null | undefined)[]): string =>
  JSON.stringify(parts.map((part) => part?.trim().toLowerCase() ?? null));

/** Renames every part. Ids that a map names exist in it: `validateMap` has seen to that. */
const renamed = (ids: ReadonlyMap<string, string>) => {
  const to = (id: string): string => ids.get(id) ?? id;
  const maybe = (id: string | null): string | null => (id === null ? null : to(id));
  return {
    epic: (epic: MapEpic): MapEpic => ({ ...epic, id: to(epic.id) }),
    feature: (feature: MapFeature): MapFeature => ({ ...feature, id: to(feature.id), epic: maybe(feature.epic) }),
    task: (task: MapTask): MapTask => ({
      ...task,
      id: to(task.id),
      feature: maybe(task.feature),
      depends_on: task.depends_on.map(to),
    }),
  };
};

/** A part that the backlog has already under the same titles is that part: a specification can be taken in again. */
const match = (state: BacklogState, map: ProjectMap) => {
  const epicsHere = new Map(state.epics.map((epic) => [titleKey(epic.title), epic.id]));
  const epics = numbered(map.epics, 'E', state.last.E, ({ title }) => epicsHere.get(titleKey(title)));
  const featureKey = (title: string, epic: string | null | undefined) => titleKey(title, epic);
  const featuresHere = new Map(state.features.map(({ id, title, epic }) => [featureKey(title, epic), id]));
  const features = numbered(map.features, 'F', state.last.F, ({ title, epic }) =>
    featuresHere.get(featureKey(title, epic === null ? null : epics.ids.get(epic))),
  );
  const tasksHere = new Map(state.items.map(({ id, title, feature }) => [titleKey(title, feature), id]));
  const tasks = numbered(map.tasks, 'T', state.last.T, ({ title, feature }) =>
    tasksHere.get(titleKey(title, feature === null ? null : features.ids.get(feature))),
  );
  return { epics, features, tasks };
};

/** Known tasks of which the map says something else than the one before. What runs, or is done, was done as it was said. */
const saidAnew = (state: BacklogState, tasks: readonly MapTask[]): readonly MapTask[] =>
  tasks.filter((task) => {
    const item = state.items.find(({ id }) => id === task.id);
    if (!item || (item.status !== 'open' && item.status !== 'failed')) return false;
    return !isDeepStrictEqual(item.drawn, task);
  });

const refuse = (source: string, problems: readonly string[]): void => {
  if (problems.length === 0) return;
  throw new RuleViolation('backlog.unfit_map', `the map of ${source} cannot be run: ${problems.join('; ')}`);
};

/**
 * Takes a map in. Of what is known already the backlog has what the map says anew, but for what was changed by hand; the
 * rest gets ids of its own.
 * @throws {RuleViolation} the map is not fit to run, with every problem
 */
export const takeIn = (
  { map, source, orchestration }: CommandOf<'decompose'>,
  state: BacklogState,
): readonly BacklogEvent[] => {
  if (orchestration !== null && state.maps.some((taken) => taken.orchestration === orchestration)) return [];
  refuse(source, validateMap(map));
  const { epics, features, tasks } = match(state, map);
  const ids = new Map([...epics.ids, ...features.ids, ...tasks.ids]);
  const rename = renamed(ids);
  const fresh = {
    epics: epics.fresh.map(rename.epic),
    features: features.fresh.map(rename.feature),
    tasks: [...tasks.fresh.map(rename.task), ...saidAnew(state, map.tasks.map(rename.task))],
  };
  // A person who brings the same map again changes nothing; a run that drew it is noted, for its tasks to be followed.
  const isNew = fresh.epics.length + fresh.features.length + fresh.tasks.length > 0;
  if (!isNew && orchestration === null) return [];
  const taken: BacklogEvent = {
    type: 'backlog.decomposed',
    v: 3,
    data: { source, orchestration, ...fresh, ids: Object.fromEntries(ids) },
  };
  refuse(source, dependencyProblems(evolveBacklog(state, taken).items));
  return [taken];
};
