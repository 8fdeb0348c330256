import {
  type Attempt,
  AttemptFailed,
  type Desk,
  type Equipment,
  engineFailed,
  openDesk,
  type RunRole,
} from '#attempts';
import type { ProjectMap } from '#contracts';
import { validateMap } from '#domain';
import { mapOfSpecification } from '#specification';

interface Drawn {
  readonly map: ProjectMap;
  readonly source: string;
}

/** Intake refuses one that cannot be run; a run that was taken in before it did asks a person. */
const readSpecification = async (specification: string): Promise<Drawn | null> => {
  const { map, problems } = await mapOfSpecification(specification);
  if (problems.length > 0)
    throw new AttemptFailed(
      'blocker',
      `the specification cannot be run: ${problems.join('; ')}`,
      'correct these lines and submit it again',
    );
  return map && { map, source: 'specification' };
};

const askEngine = async (attempt: Attempt, desk: Desk): Promise<Drawn> => {
  const { submission, route, answers } = attempt.run();
  const engine = desk.engineFor('decompose');
  const request = {
    kind: 'decompose',
    goal: submission.goal,
    specification: submission.specification,
    skills: route?.skills ?? [],
    hint: attempt.invocation().hint,
    answers,
  } as const;
  const outcome = await engine.decompose(request, await desk.contextFor('decompose'));
  if (outcome.outcome !== 'decomposed') throw engineFailed(outcome);
  const problems = validateMap(outcome.map);
  if (problems.length > 0)
    throw new AttemptFailed('code_error', `the map of ${outcome.source} is not valid: ${problems.join('; ')}`);
  return outcome;
};

/** A person who wants another map says what is to be different: then the text alone is not enough. */
const draw = async (attempt: Attempt, desk: Desk): Promise<Drawn> => {
  const { specification } = attempt.run().submission;
  const asWritten = specification !== null && attempt.invocation().hint === null;
  return (asWritten ? await readSpecification(specification) : null) ?? (await askEngine(attempt, desk));
};

/** The architect: cuts a goal or a specification into epics, features and tasks. */
export const createArchitect =
  (equipment: Equipment): RunRole =>
  async (attempt) => {
    const desk = await openDesk(attempt, equipment);
    try {
      const { map, source } = await draw(attempt, desk);
      attempt.note({ fact: 'map.drawn', data: { map, source } });
      const { epics, features, tasks } = map;
      const output = { epics: epics.length, features: features.length, tasks: tasks.length };
      await attempt.report({ fact: 'agent.completed', data: { output } });
    } finally {
      await desk.close();
    }
  };
