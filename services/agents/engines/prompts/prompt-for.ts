import type { Plan, PlanFailure, PlanStep } from '#contracts';
import type {
  DecomposeRequest,
  EngineContext,
  EngineRequest,
  FixRequest,
  PlanRequest,
  StepRequest,
} from '../engine.ts';
import { documentSection, workEnd } from './answer-forms.ts';
import { answersSection, json, readingSections, section } from './sections.ts';

const READ_ONLY =
  'Look at the repository in the current directory as far as you need to. Change no file, and run nothing that would.';

const PLAN_RULES = `- Leave out id, task_id and goal: they are known.
- The steps are carried out one by one, each by an agent that knows the plan and nothing of what you know. Its \`action\` says all it needs: files, names, behaviour. Leave out \`operations\`: they are for work without a model.
- Each step has success criteria that a program can check: a command that exits 0, a file, a pattern in a file. Checks that pass before the step is done prove nothing.
- \`depends_on\` names steps of this plan, without a cycle. As few steps as make sense.
- An acceptance criterion of priority must is checked at the end, and the goal fails without it.
- Paths are relative to the current directory.`;

export type Machine = Pick<EngineContext, 'browser'>;

/** Whether to plan checks in a browser: where there is none, one that must pass would stop the run. */
export const browserRule = ({ browser }: Machine): string =>
  browser === true
    ? '- What a page shows is checked by `browser`, which opens it; everything else by something quicker.'
    : '- There is no browser here: plan no check of type `browser`.';

const MAP_RULES = `- Epics (E1, …), features (F1, …) and tasks (T1, …). A task is one goal that an agent reaches and a program can check, with what it depends on; an XL task has to be split.
- \`files\` are globs of what a task changes: tasks that share a file do not run at once.
- Leave out \`plan\` unless it is trivial: a task is planned when its turn comes.`;

const failureSections = (failure: PlanFailure | null): readonly string[] => {
  if (failure === null) return [];
  const { plan, ...what } = failure;
  return [
    ...section('The plan before, which failed', json(plan)),
    ...section(
      'What became of it',
      `${json(what)}\n\nMake another plan that avoids this. A step that stays exactly as it is and is completed is not done again.`,
    ),
  ];
};

const roundSection = ({ round }: PlanRequest): readonly string[] =>
  section(
    'Questions',
    round
      ? `This is round ${round.number} of at most 5; it is about ${round.focus}. Ask only what the repository does not answer, each with the default that you would take. Say with \`readiness\`, 0 to 1, how good a plan would be without the answers.`
      : 'No more questions: plan with what is known, and name what you assumed under `cautions`.',
  );

const planPrompt = (request: PlanRequest, machine: Machine): readonly string[] => [
  `You plan how a goal is reached in a software repository. ${READ_ONLY}`,
  ...section('Goal', request.goal),
  ...section('What a person added', request.hint),
  ...answersSection(request.answers),
  ...failureSections(request.failure),
  ...readingSections(request),
  ...roundSection(request),
  ...section('Rules of a plan', `${PLAN_RULES}\n${browserRule(machine)}`),
  ...documentSection(request),
];

const decomposePrompt = (request: DecomposeRequest, machine: Machine): readonly string[] => [
  `You cut a software project into tasks. ${READ_ONLY}`,
  ...section('Goal', request.goal),
  ...section('Specification', request.specification),
  ...section('What a person added', request.hint),
  ...answersSection(request.answers),
  ...readingSections(request),
  ...section('Rules of a map', `${MAP_RULES}\n${browserRule(machine)}`),
  ...documentSection(request),
];

const stepLine = ({ id, name }: PlanStep, current: string | null): string =>
  `${id === current ? '→' : '-'} ${id}: ${name}`;

const planSection = ({ steps }: Plan, current: string | null): readonly string[] =>
  section('Plan', steps.map((step) => stepLine(step, current)).join('\n'));

const WORK_RULES = `- Change files below the current directory only; nothing else on this machine is yours.
- Do not commit, push, switch branches, or change hooks and settings of git: that is done for you.
- Do not start anything that goes on after you.
- No secret, key or password in any file.
- Your work is judged by checks that are run after you, not by what you say of it. Do not weaken a check or a test to make it pass.`;

const stepSections = ({ name, action, operations, success_criteria: criteria }: PlanStep): readonly string[] => [
  ...section('Your step', `${name}\n\n${action}`),
  ...section('Operations that it consists of', operations ? json(operations) : null),
  ...section('Checked after you', criteria.length > 0 ? json(criteria) : null),
];

const stepPrompt = (request: StepRequest): readonly string[] => {
  const { previous, plan, step } = request;
  const hints = previous?.hints.map((hint) => `- ${hint}`) ?? [];
  return [
    'You carry out one step of a plan in the software repository in the current directory: this step, and nothing beyond it.',
    ...section('Goal', request.goal),
    ...planSection(plan, step.id),
    ...stepSections(step),
    ...section(`Try ${request.try - 1} failed; what it left is in the files`, previous?.error),
    ...section('What may help', hints.join('\n')),
    ...section('What a person added', request.hint),
    ...readingSections(request),
    ...section('Rules', WORK_RULES),
    ...workEnd(),
  ];
};

const fixPrompt = (request: FixRequest): readonly string[] => [
  `The check "${request.gate}" of the software repository in the current directory fails; it passed before the work on the goal below began. Correct the cause, and nothing else.`,
  ...section('Command', request.command),
  ...section('Its output', request.output),
  ...section('Goal of the work', request.goal),
  ...planSection(request.plan, null),
  ...readingSections(request),
  ...section('Rules', WORK_RULES),
  ...workEnd(),
];

const paragraphs = (request: EngineRequest, machine: Machine): readonly string[] => {
  switch (request.kind) {
    case 'plan':
      return planPrompt(request, machine);
    case 'decompose':
      return decomposePrompt(request, machine);
    case 'step':
      return stepPrompt(request);
    case 'fix':
      return fixPrompt(request);
  }
};

/** All that an agent is told which remembers nothing: who it is, what is asked, what there is to read, how to answer. */
export const promptFor = (request: EngineRequest, machine: Machine): string =>
  `${paragraphs(request, machine).join('\n\n')}\n`;

/** In the same conversation, after an answer that could not be read. */
export const repairPrompt = (problem: string): string =>
  `Your answer could not be used: ${problem}\n\nGive the whole document again, corrected: one JSON document in one \`\`\`json block, and nothing after it.\n`;

/** The same for an agent that remembers nothing. */
export const promptToRepair = (
  request: EngineRequest,
  machine: Machine,
  { said, problem }: { readonly said: string; readonly problem: string },
): string =>
  `${promptFor(request, machine)}\n${section('What you answered before', said.slice(-20_000)).join('\n\n')}\n\n${repairPrompt(problem)}`;
