import { failed, failedForNow } from '../answering-engine.ts';
import type { EngineFailure, ProgramOutcome } from '../engine.ts';
import { type CommandEngineOptions, type Conversation, DEFAULT_TIMEOUT_MS, MAX_OUTPUT_BYTES } from './conversation.ts';
import { couldNotStart, howItEnded, wasKilled, withStderr } from './program-end.ts';

const notFound = ({ name, command }: CommandEngineOptions, outcome: ProgramOutcome): EngineFailure => ({
  outcome: 'cannot',
  reason: withStderr(`engine ${name} could not start \`${command}\``, outcome),
  unblock: `install the program, or correct engines.commands.${name}.command in .studio/config.yaml`,
});

/** What went wrong with the process, whatever it said; `null` when nothing did. */
const judgeProcess = (options: CommandEngineOptions, { outcome, final }: Conversation): EngineFailure | null => {
  const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  switch (outcome.ended) {
    case 'timeout':
      return failed(withStderr(`engine ${name} did not end within ${timeoutMs / 1000} s`, outcome));
    case 'too_much_output':
      return failed(
        `engine ${name} printed more than ${MAX_OUTPUT_BYTES} bytes and was ended; print progress sparingly`,
      );
    case 'not_started':
      return notFound(options, outcome);
    case 'aborted':
      return null;
    case 'exit':
      return final === null && couldNotStart(outcome) ? notFound(options, outcome) : null;
  }
};

/** What went wrong with a request as a whole, so that the answer does not count; `null` when it does. */
export const judgeRun = (options: CommandEngineOptions, conversation: Conversation): EngineFailure | null => {
  const { name } = options;
  const { outcome, final, problem } = conversation;
  const broken = judgeProcess(options, conversation);
  if (broken !== null) return broken;
  if (outcome.ended === 'exit' && final === null && wasKilled(outcome))
    return failedForNow(withStderr(`engine ${name} was killed (${howItEnded(outcome)})`, outcome));
  if (problem !== null) return failed(withStderr(`engine ${name} broke the protocol: ${problem}`, outcome));
  if (final?.type === 'cannot' || final?.type === 'failed') return null;
  if (outcome.ended === 'exit' && outcome.exitCode !== 0)
    return failed(withStderr(`engine ${name} ended with ${howItEnded(outcome)}`, outcome));
  return final === null
    ? failed(withStderr(`engine ${name} ended without plan, questions, map, done, cannot or failed`, outcome))
    : null;
};
