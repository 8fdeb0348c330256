import { Workflow } from '#contracts';
import type { Context } from '../context.ts';
import { isRunnable } from '../routing/route-fact.ts';
import { presentInteractions, type Run } from '../run.ts';
import { deadlineAfter, type Option, type Question } from './opening.ts';

const no: Option = { key: 'n', label: 'do not run it' };

/** Asked once: what follows from any answer, or from its withdrawal, is in the same append. */
export const routeQuestion = (run: Run, context: Context): Question | null => {
  if (!run.route || run.routeConfirmed) return null;
  if (presentInteractions(run).some(({ kind }) => kind === 'route')) return null;
  const { workflow, complexity, agents, confidence } = run.route;
  const others = Workflow.options
    .filter((other) => other !== workflow && isRunnable(run, other))
    .map((other): Option => ({ key: other, label: `run it as ${other}` }));
  const decided = `${workflow} (${agents.join(' → ')}), complexity ${complexity}, confidence ${Math.round(confidence * 100)} %`;
  const deadline = deadlineAfter(run.submission.policy.decisionMs, context);
  if (!isRunnable(run, workflow))
    return {
      kind: 'route',
      prompt: `This goal was routed to ${decided}. No installed service runs ${workflow}: choose another workflow.`,
      options: [...others, no],
      deadline,
    };
  return {
    kind: 'route',
    prompt: `Route: ${decided}. Proceed?`,
    options: [{ key: 'y', label: 'proceed' }, ...others, no],
    deadline,
  };
};
