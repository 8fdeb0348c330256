import type { DecomposeRequest, EngineRequest, FixRequest, PlanRequest, StepRequest } from '../engine.ts';
import { answersSection, json, readingSections, section } from '../prompts/sections.ts';

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

const planSections = ({ skills, hint, failure, round, answers }: PlanRequest): readonly string[] => [
  ...section('Skills that the goal asks for', list(skills)),
  ...answersSection(answers),
  ...section('The plan before, and what became of it', failure && json(failure)),
  ...section('What a person added', hint),
  ...section(
    'Questions',
    round
      ? `Round ${round.number} is open. It is about ${round.focus}.`
      : 'No round of questions is open: plan with what is known.',
  ),
];

const mapSections = ({ skills, hint, specification, answers }: DecomposeRequest): readonly string[] => [
  ...section('Specification', specification),
  ...section('Skills that the goal asks for', list(skills)),
  ...answersSection(answers),
  ...section('What a person added', hint),
];

const stepSections = ({ plan, step, previous, hint, try: number }: StepRequest): readonly string[] => [
  ...section('Plan', json(plan)),
  ...section('Your step', json(step)),
  ...section(`Try ${number - 1} failed; what it left is in the files`, previous?.error),
  ...section('What may help', list(previous?.hints ?? [])),
  ...section('What a person added', hint),
];

const fixSections = ({ plan, gate, command, output }: FixRequest): readonly string[] => [
  ...section('Plan', json(plan)),
  ...section('Your work', `The check ${gate} was green before this work and is red now: make \`${command}\` pass.`),
  ...section('Its output', output),
];

const ownSections = (request: EngineRequest): readonly string[] => {
  switch (request.kind) {
    case 'plan':
      return planSections(request);
    case 'decompose':
      return mapSections(request);
    case 'step':
      return stepSections(request);
    case 'fix':
      return fixSections(request);
  }
};

/** A request as the model reads it. What is the same in many calls comes first, so that a cache of the provider holds. */
export const contextText = (request: EngineRequest): string =>
  [...section('Goal', request.goal), ...readingSections(request), ...ownSections(request)].join('\n\n');
