import type { Plan, PlannerAnswer } from '#contracts';
import type { Live } from '#domain';

const nothingGathered = {
  scope: { included: [], excluded: [] },
  success_criteria: [],
  technical_constraints: [],
  edge_cases: [],
  quality_requirements: [],
  user_confirmations: [],
} satisfies Plan['gathered_requirements'];

const marked = ({ response, assumed }: PlannerAnswer): string => (assumed ? `assumed: ${response}` : response);

/** What people said, and what was assumed, is in the plan, whatever its engine made of it. */
export const withConfirmations = (plan: Plan, answers: readonly PlannerAnswer[]): Plan => {
  const gathered = plan.gathered_requirements ?? nothingGathered;
  const known = gathered.user_confirmations;
  // An answer that came with the goal has no question of its own: whoever used it named the question.
  const isKnown = (answer: PlannerAnswer): boolean =>
    known.some(
      ({ question, response }) => question === answer.question || (answer.round === 0 && response === answer.response),
    );
  const missing = answers
    .filter((answer) => !isKnown(answer))
    .map((answer) => ({ question: answer.question, response: marked(answer), round: Math.max(1, answer.round) }));
  if (missing.length === 0) return plan;
  return { ...plan, gathered_requirements: { ...gathered, user_confirmations: [...known, ...missing] } };
};

/** The assumptions that a plan is built on, for those who read it. */
export const assumptionsIn = (answers: readonly PlannerAnswer[]): readonly string[] =>
  answers.filter(({ assumed }) => assumed).map(({ question, response }) => `assumed: ${question} ${response}`);

/**
 * Answers that came with the goal and belong to none of the questions that were asked, where one of those had to be assumed: an
 * id is misspelt, perhaps. With nothing assumed an answer may have been used without a question.
 */
export const unaskedIn = (
  answers: readonly PlannerAnswer[],
  { parent }: Pick<Live['submission'], 'parent'>,
): readonly string[] =>
  parent !== null || !answers.some(({ assumed }) => assumed)
    ? []
    : answers.filter(({ round }) => round === 0).map(({ id }) => `nothing asked for the answer to ${id}`);
