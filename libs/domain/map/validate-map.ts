import type { ProjectMap } from '#contracts';
import { findCycle } from '../plan/dag.ts';
import { validatePlan } from '../plan/validate.ts';

const repeated = (ids: readonly string[]): readonly string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
];

const idProblems = ({ epics, features, tasks }: ProjectMap): string[] =>
  [epics, features, tasks].flatMap((parts) =>
    repeated(parts.map(({ id }) => id)).map((id) => `${id} is used more than once`),
  );

const placeProblems = ({ epics, features, tasks }: ProjectMap): string[] => {
  const epicIds = new Set(epics.map(({ id }) => id));
  const featureIds = new Set(features.map(({ id }) => id));
  return [
    ...features.flatMap(({ id, epic }) =>
      epic === null || epicIds.has(epic) ? [] : [`feature ${id} belongs to ${epic}, which is not an epic of this map`],
    ),
    ...tasks.flatMap(({ id, feature }) =>
      feature === null || featureIds.has(feature)
        ? []
        : [`task ${id} belongs to ${feature}, which is not a feature of this map`],
    ),
  ];
};

/**
 * What is wrong with how these tasks depend on each other, in words.
 * @param elsewhere ids of tasks that are known although they are not among these
 */
export const dependencyProblems = (
  tasks: readonly { readonly id: string; readonly depends_on: readonly string[] }[],
  elsewhere: ReadonlySet<string> = new Set(),
): readonly string[] => {
  const known = new Set(tasks.map(({ id }) => id));
  const wrong = tasks.flatMap(({ id, depends_on }) =>
    [...new Set(depends_on)].flatMap((other) => {
      if (other === id) return [`task ${id} depends on itself`];
      return known.has(other) || elsewhere.has(other) ? [] : [`task ${id} depends on ${other}, which is not known`];
    }),
  );
  const cycle = findCycle({ steps: tasks });
  return cycle ? [...wrong, `tasks depend on each other in a cycle: ${cycle.join(' → ')}`] : wrong;
};

/** Everything that makes a map unfit to run, in words; `[]` when it can. */
export const validateMap = (map: ProjectMap): readonly string[] => [
  ...idProblems(map),
  ...placeProblems(map),
  ...dependencyProblems(map.tasks),
  ...map.tasks
    .filter(({ effort }) => effort === 'XL')
    .map(({ id }) => `task ${id} is XL: split it into tasks of which each is L or smaller`),
  ...map.tasks.flatMap(({ id, plan }) =>
    plan === null ? [] : validatePlan(plan).map((problem) => `the plan of task ${id}: ${problem}`),
  ),
];
