import type { Command, CommandOf } from '../command.ts';
import { isHeldBack } from '../handoffs/handoffs.ts';
import type { Ended, Live } from '../run.ts';
import { resumeAs } from './rewind.ts';

type Step = (run: Live | Ended) => Command | null;

const goesOn = (run: Live | Ended, { checkpoint }: CommandOf<'resume'>): boolean =>
  run.lifecycle === 'live' && !run.paused && checkpoint === null;

/**
 * What going on consists of: back or on, and where a handoff was given by hand, it is completed, and whoever waited for
 * it is sent. A run that goes on already but for its handoff needs only the rest.
 */
export const resumeSteps = (command: CommandOf<'resume'>): readonly Step[] => {
  const { handoff = null } = command;
  if (handoff === null) return [(run) => resumeAs(run, command)];
  return [
    (run) => (goesOn(run, command) ? null : resumeAs(run, command)),
    () => ({ type: 'complete_handoff', from: null, to: null, context: handoff }),
    (run) => (isHeldBack(run) ? { type: 'retry', hint: null } : null),
  ];
};
