import type { EventOf } from '#events';
import type { Context } from '../context.ts';
import { budgetQuestion } from '../money/budget-question.ts';
import { permissionQuestion } from '../permissions/permissions.ts';
import { type Live, openInteractions, presentInteractions, type Run } from '../run.ts';
import { assumeDefault } from './closing.ts';
import { escalation } from './escalation.ts';
import { mapQuestion } from './map-question.ts';
import { deadlineAfter, open, type Question } from './opening.ts';
import { areAsked, ENOUGH, pendingQuestions, saidEnough } from './rounds.ts';
import { routeQuestion } from './route-question.ts';

const enough = { key: ENOUGH, label: 'that is enough: plan with the defaults for what is open' };

/** Withdrawn without an answer: the run ends in this append. */
const isOver = (run: Run, question: string): boolean => {
  const last = presentInteractions(run).findLast(({ kind, about }) => kind === 'question' && about === question);
  return last?.outcome === null || (last?.outcome === 'withdrawn' && !last.assumed);
};

/** The next question of the planner's round that is not put to anybody yet: all of them are open side by side. */
const planningQuestion = (run: Run, context: Context): Question | null => {
  const { raised } = run;
  const next = pendingQuestions(run, raised).find(({ id }) => !isOver(run, id));
  if (!raised || !next) return null;
  const suggested = next.options.includes(next.default) ? next.options : [next.default, ...next.options];
  const { questionMs } = run.submission.policy;
  return {
    kind: 'question',
    prompt: next.question,
    options: [...suggested.map((key) => ({ key, label: key === next.default ? 'the default' : 'suggested' })), enough],
    deadline: areAsked(run, raised) ? deadlineAfter(questionMs, context) : context.now,
    default: next.default,
    round: raised.round,
    focus: raised.focus,
    about: next.id,
  };
};

/** Asks a person, when nobody else can decide. Questions of one round are open together; else it is one at a time. */
export const ask = (run: Live, context: Context): EventOf<'interaction.opened'> | null => {
  const permission = permissionQuestion(run, context);
  if (permission) return open(run, permission);
  const opened = openInteractions(run).filter(({ kind }) => kind !== 'permission');
  if (opened.some(({ kind }) => kind !== 'question')) return null;
  const planning = planningQuestion(run, context);
  if (planning) return open(run, planning);
  if (opened.length > 0) return null;
  const question =
    routeQuestion(run, context) ??
    mapQuestion(run, context) ??
    escalation(run, context) ??
    budgetQuestion(run, context);
  return question && open(run, question);
};

/** Takes the default of a question that nobody is there to answer, or that a person had enough of. */
export const assume = (run: Live): EventOf<'interaction.closed'> | null => {
  if (!run.raised || areAsked(run, run.raised)) return null;
  const question = openInteractions(run).find(({ kind }) => kind === 'question');
  return question ? assumeDefault(question, saidEnough(run) ? 'withdrawn' : 'expired') : null;
};
