import { type Live, nextRound, type QuestionRound, wouldWait } from '#domain';
import type { PlanOutcome } from '#engines';
import type { Attempt } from './attempt.ts';
import { LeaseEnded } from './errors.ts';

type Asked = Extract<PlanOutcome, { outcome: 'questions' }>;
type Settled = Exclude<PlanOutcome, Asked>;

/** What was asked before is not asked again; what came with the goal gets its question and its round now. */
const isNew = ({ answers }: Live, id: string): boolean => !answers.some((given) => given.id === id && given.round > 0);

/**
 * Puts a round of questions. Where nobody is waited for, the defaults stand at once, as assumptions.
 * @throws {LeaseEnded} people are asked: the lease is given back, and whoever gets the next one has their answers
 */
const raise = async (attempt: Attempt, { number, focus }: QuestionRound, asked: Asked): Promise<void> => {
  const questions = asked.questions.map((question) => ({ ...question, options: [...question.options] }));
  const data = { round: number, focus, readiness: asked.readiness, questions };
  const raised = { fact: 'questions.raised', data } as const;
  if (!wouldWait(attempt.run(), data)) return attempt.report(raised);
  await attempt.report(raised, { fact: 'lease.released', data: { reason: 'asked' } });
  throw new LeaseEnded(attempt.id, attempt.lease);
};

const insists = ({ questions }: Asked): Settled => ({
  outcome: 'failed',
  category: 'code_error',
  error: `the engine asks on where no more questions are open: ${questions.map(({ question }) => question).join(' ')}`,
});

/**
 * Has an engine plan that may ask first, a round at a time, until it is ready, a person had enough, or all rounds are over.
 * @param asks `false`: this role asks nobody
 * @param plan `null`: no round is open any more
 * @throws {LeaseEnded} people are asked
 */
export const planAfterQuestions = async (
  attempt: Attempt,
  asks: boolean,
  plan: (round: QuestionRound | null) => Promise<PlanOutcome>,
): Promise<Settled> => {
  const { readiness } = attempt.run().submission.policy;
  let round = asks ? nextRound(attempt.run()) : null;
  for (;;) {
    await attempt.breathe();
    const outcome = await plan(round);
    if (outcome.outcome !== 'questions') return outcome;
    if (round === null) return insists(outcome);
    const questions = outcome.questions.filter(({ id }) => isNew(attempt.run(), id));
    if (questions.length > 0) await raise(attempt, round, { ...outcome, questions });
    round = questions.length > 0 && outcome.readiness < readiness ? nextRound(attempt.run()) : null;
  }
};
