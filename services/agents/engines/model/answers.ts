import * as z from 'zod';
import { MapDraft, PlanDraft, PlannerQuestions } from '#contracts';
import { validateMap, validatePlan } from '#domain';
import { completeMap, completePlan } from '../complete.ts';
import type {
  DecomposeOutcome,
  DecomposeRequest,
  EngineBlocker,
  EngineRequest,
  PlanOutcome,
  PlanRequest,
} from '../engine.ts';
import { mapTexts } from '../map-texts.ts';
import { Miss, parseInput, type ToolSpec } from './tools/tool.ts';

const Cautions = z.array(z.string().max(1_000)).max(50).default([]).describe('what was taken for granted');

const PLAN = {
  name: 'submit_plan',
  description: 'The answer: the whole plan.',
  input: z.object({ plan: PlanDraft, cautions: Cautions }),
} satisfies ToolSpec;

const QUESTIONS = {
  name: 'ask_questions',
  description: 'The answer, instead of a plan: what to ask before planning.',
  input: PlannerQuestions,
} satisfies ToolSpec;

const MAP = {
  name: 'submit_map',
  description: 'The answer: the project as epics, features and tasks.',
  input: z.object({ map: MapDraft, cautions: Cautions }),
} satisfies ToolSpec;

const CANNOT = {
  name: 'cannot',
  description: 'The answer where this cannot be done at all.',
  input: z.object({
    reason: z.string().min(1).max(4_000),
    unblock: z.string().min(1).max(2_000).describe('the one thing that a person can do about it'),
  }),
} satisfies ToolSpec;

export const answerSpecs = (request: EngineRequest): readonly ToolSpec[] => {
  switch (request.kind) {
    case 'plan':
      return [...(request.round ? [QUESTIONS] : []), PLAN, CANNOT];
    case 'decompose':
      return [MAP, CANNOT];
    case 'step':
    case 'fix':
      return [CANNOT];
  }
};

/** Judged as it will be afterwards, so that the model hears now what would fail then. */
const assertValid = (problems: readonly string[]): void => {
  if (problems.length > 0) throw new Miss(`it is not valid:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
};

type Redact = (text: string) => string;

const planned = (given: unknown, request: PlanRequest, source: string, redact: Redact): PlanOutcome => {
  const { plan: draft, cautions } = mapTexts(parseInput(PLAN, given), redact);
  const plan = completePlan(draft, request);
  assertValid(validatePlan(plan));
  return { outcome: 'planned', plan, source, cautions };
};

const asked = (given: unknown, redact: Redact): PlanOutcome => ({
  outcome: 'questions',
  ...mapTexts(parseInput(QUESTIONS, given), redact),
});

const decomposed = (given: unknown, source: string, redact: Redact): DecomposeOutcome => {
  const { map: draft, cautions } = mapTexts(parseInput(MAP, given), redact);
  const map = completeMap(draft);
  assertValid(validateMap(map));
  return { outcome: 'decomposed', map, source, cautions };
};

const cannot = (given: unknown, redact: Redact): EngineBlocker => ({
  outcome: 'cannot',
  ...mapTexts(parseInput(CANNOT, given), redact),
});

/** What a model may answer with, each a tool: the first that is called with something valid is the answer. */
export interface Answers<Outcome> {
  readonly specs: readonly ToolSpec[];
  /** @throws {Miss} it is not valid */
  readonly take: (name: string, given: unknown) => Outcome | EngineBlocker;
}

type Take<Outcome> = Readonly<Record<string, (given: unknown) => Outcome | EngineBlocker>>;

const answersOf = <Outcome>(request: EngineRequest, takes: Take<Outcome>, redact: Redact): Answers<Outcome> => ({
  specs: answerSpecs(request),
  take: (name, given) => {
    const take = takes[name];
    return take ? take(given) : cannot(given, redact);
  },
});

export const planAnswers = (request: PlanRequest, source: string, redact: Redact): Answers<PlanOutcome> =>
  answersOf(
    request,
    {
      [PLAN.name]: (given) => planned(given, request, source, redact),
      [QUESTIONS.name]: (given) => asked(given, redact),
    },
    redact,
  );

export const mapAnswers = (request: DecomposeRequest, source: string, redact: Redact): Answers<DecomposeOutcome> =>
  answersOf(request, { [MAP.name]: (given) => decomposed(given, source, redact) }, redact);

/** Whoever works ends with a text; the only answer that is a tool says that it cannot. */
export const workAnswers = (request: EngineRequest, redact: Redact): Answers<never> => answersOf(request, {}, redact);

/** Some models write the document instead of calling the tool. @returns the call that it stands for */
export const callFor = (type: 'plan' | 'questions' | 'map' | 'cannot'): string => {
  switch (type) {
    case 'plan':
      return PLAN.name;
    case 'questions':
      return QUESTIONS.name;
    case 'map':
      return MAP.name;
    case 'cannot':
      return CANNOT.name;
  }
};
