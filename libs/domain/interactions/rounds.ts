import type { EventOf } from '#events';
import { presentInteractions, type Run } from '../run.ts';

type Raised = NonNullable<Run['raised']>;
type Question = EventOf<'questions.raised'>['data']['questions'][number];

/** What each round of questions is about. */
const FOCUSES = [
  'scope and success',
  'technical constraints',
  'adversarial edge cases',
  'quality',
  'what is still open',
] as const;

export interface QuestionRound {
  readonly number: number;
  readonly focus: string;
}

/** The answer that ends the rounds. */
export const ENOUGH = 'enough';

/** A person said that the planner has asked enough. */
export const saidEnough = (run: Run): boolean =>
  presentInteractions(run).some(
    ({ kind, outcome, answer }) => kind === 'question' && outcome === 'answered' && answer === ENOUGH,
  );

/** The round of questions that may come now, or `null`: all were asked, and a plan is made of what is known. */
export const nextRound = (run: Run): QuestionRound | null => {
  const number = 1 + Math.max(0, ...run.answers.map(({ round }) => round));
  const focus = FOCUSES[number - 1];
  if (focus === undefined || number > run.submission.policy.questionRounds || saidEnough(run)) return null;
  return { number, focus };
};

/** Questions of a round that have no answer yet. An id is one question for the whole run: its answer stands. */
export const pendingQuestions = ({ answers }: Pick<Run, 'answers'>, raised: Raised | null): readonly Question[] =>
  (raised?.questions ?? []).filter(({ id }) => !answers.some((given) => given.id === id));

/** People are asked; else the defaults are taken at once. */
export const areAsked = (run: Run, { round, readiness }: Pick<Raised, 'round' | 'readiness'>): boolean => {
  const { attended, policy } = run.submission;
  return attended && round <= policy.questionRounds && readiness < policy.readiness && !saidEnough(run);
};

/** True when these questions would keep the run waiting for a person. */
export const wouldWait = (run: Run, raised: Raised): boolean =>
  areAsked(run, raised) && pendingQuestions(run, raised).length > 0;
