import type { Command } from '#domain';
import { policy, submission } from './facts.ts';
import { planFor } from './honest-worker.ts';
import type { Plain, Story } from './moves.ts';

const submissionOf = (story: Story) =>
  submission({
    goal: story.goal,
    mode: story.explicit ? 'explicit' : 'implicit',
    confirm: story.confirm,
    driver: story.driver,
    attended: story.attended,
    tasks: [...story.tasks],
    ...(story.withPlan ? { plan: planFor(story.steps), planSource: 'plan.json' } : {}),
    checks: story.checks > 0 ? ['npm run check'] : [],
    policy: { ...policy, ...story.limits },
  });

/** What is said in one word. */
export const plainCommand = (name: Plain, story: Story): Command => {
  switch (name) {
    case 'submit':
      return { type: 'submit', submission: submissionOf(story) };
    case 'land':
      return { type: 'land', as: 'applied', into: 'main' };
    case 'discard':
      return { type: 'land', as: 'discarded' };
    case 'checkpoint':
      return { type: 'checkpoint', name: 'by hand' };
    case 'pause':
    case 'abort':
      return { type: name, reason: null };
    case 'retry':
      return { type: 'retry', hint: 'again' };
    case 'complete_handoff':
      return { type: 'complete_handoff', from: null, to: null, context: { suggestion: 'another way' } };
    default:
      return { type: name };
  }
};
