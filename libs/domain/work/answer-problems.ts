import type { EngineAnswer, MapDraft, Plan, PlanDraft, ProjectMap, WorkKind } from '#contracts';
import { validateMap } from '../map/validate-map.ts';
import { validatePlan } from '../plan/validate.ts';
import type { HandedOut } from '../run.ts';

type AnswerType = EngineAnswer['type'];

/** What each kind of work comes to; that it cannot be done, or was tried in vain, can be said of any. */
const TAKES: Readonly<Record<WorkKind, readonly AnswerType[]>> = {
  plan: ['plan', 'questions'],
  decompose: ['map'],
  step: ['done'],
  fix: ['done'],
};

/** What Studio fills in is of no interest to a check. */
const completed = ({ id = 'bp_draft', task_id = 'task', goal = 'the goal', ...plan }: PlanDraft): Plan => ({
  id,
  task_id,
  goal,
  ...plan,
});

const completedMap = ({ tasks, ...map }: MapDraft): ProjectMap => ({
  ...map,
  tasks: tasks.map(({ plan, ...task }) => ({ ...task, plan: plan && completed(plan) })),
});

/** Everything for which an answer would be sent back, in words; `[]` when it is an answer to what was handed out. */
export const answerProblems = ({ id, kind, round }: HandedOut, answer: EngineAnswer): readonly string[] => {
  const taken = [...TAKES[kind], 'cannot', 'failed'];
  if (!taken.includes(answer.type))
    return [
      `${id} is to ${kind === 'step' || kind === 'fix' ? 'change files' : kind}: it takes ${taken.join(', ')}, not ${answer.type}`,
    ];
  switch (answer.type) {
    case 'plan':
      return validatePlan(completed(answer.plan));
    case 'map':
      return validateMap(completedMap(answer.map));
    case 'questions':
      return round === null ? ['no round of questions is open any more: plan with the answers in the request'] : [];
    default:
      return [];
  }
};
