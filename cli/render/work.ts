import type { Assignment, AssignmentDocument } from '#contracts';
import { workLabel } from './assignment.ts';
import type { Style } from './style.ts';

type Request = AssignmentDocument['request'];

const list = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [title, ...items.map((item) => `  - ${item}`)];

const text = (title: string, content: string | null | undefined): readonly string[] =>
  content
    ? [
        title,
        ...content
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ]
    : [];

const aboutRequest = (request: Request): readonly string[] => {
  switch (request.kind) {
    case 'plan':
      return [
        ...list(
          'What is known:',
          request.answers.map(({ question, response }) => `${question} ${response}`),
        ),
        ...text('The plan before failed:', request.failure?.error_details),
        ...(request.round
          ? [`Questions may be asked instead (round ${request.round.number}: ${request.round.focus}).`]
          : []),
      ];
    case 'decompose':
      return text('The specification:', request.specification);
    case 'step':
      return [
        `${request.step.name}: ${request.step.action}`,
        ...list(
          'It is done when:',
          request.step.success_criteria.map(({ criterion }) => criterion),
        ),
        ...text(`Try ${request.try}; the last one failed:`, request.previous?.error),
        ...list('What may help:', request.previous?.hints ?? []),
      ];
    case 'fix':
      return [`${request.gate} is red (${request.command}):`, ...text('', request.output).slice(1)];
  }
};

const aboutWork = ({ goal, request }: AssignmentDocument): readonly string[] => [
  `Goal: ${goal}`,
  ...aboutRequest(request),
  ...text('A person says:', 'hint' in request ? request.hint : null),
  ...list(
    'What earlier runs found out:',
    request.learnings.map((learning) => learning.text),
  ),
];

const howToHandIn = (
  { orchestration: id, assignment, request }: AssignmentDocument,
  program: string,
): readonly string[] => {
  const lease = `--lease ${assignment.held?.lease ?? 'N'}`;
  const answer = {
    plan: '--file plan.json',
    decompose: '--file map.json',
    step: '--summary "what was done"',
    fix: '--summary "what was corrected"',
  }[request.kind];
  return [
    `hand it in: ${program} hand-in ${id} ${lease} ${answer}`,
    `for longer: ${program} renew ${id} ${lease}    not after all: ${program} give-back ${id} ${lease}`,
  ];
};

const headline = ({ orchestration, assignment }: AssignmentDocument): string =>
  `${assignment.id} of ${orchestration}: ${workLabel(assignment)}`;

const heldBy = ({ held, deadline }: Assignment): string =>
  held
    ? `taken by ${held.by} under lease ${held.lease} until ${held.until}`
    : `free to be taken${deadline ? ` until ${deadline}` : ''}`;

/** What is handed out, and who has it. */
export const renderWork = (document: AssignmentDocument, program: string, style: Style): readonly string[] => [
  style.bold(headline(document)),
  heldBy(document.assignment),
  ...(document.directory ? [`in ${document.directory}`] : []),
  ...aboutWork(document),
  ...(document.assignment.held ? [] : [`take it: ${program} take ${document.orchestration}`]),
];

/** The same to the one who took it just now. */
export const renderTaken = (document: AssignmentDocument, program: string, style: Style): readonly string[] => [
  style.bold(headline(document)),
  ...aboutWork(document),
  '',
  ...(document.directory ? [`work in: ${style.bold(document.directory)}`] : []),
  ...(document.problem ? [style.yellow(`but ${document.problem}`)] : []),
  `it is yours until ${document.assignment.held?.until ?? 'it is taken'}`,
  ...howToHandIn(document, program),
];
