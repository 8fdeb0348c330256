import { type Answer, createAnsweringEngine, failed } from '../answering-engine.ts';
import type { Engine, EngineFailure, EngineRequest } from '../engine.ts';
import { type CommandEngineOptions, converse } from './conversation.ts';
import { judgeRun } from './judge-run.ts';
import type { FinalMessage } from './protocol.ts';

const refused = ({
  error,
  category,
  provider,
  retry_after_s: waitS,
}: Extract<FinalMessage, { type: 'failed' }>): EngineFailure => ({
  outcome: 'failed',
  error,
  ...(category && { category }),
  ...(provider && { provider }),
  ...(waitS && { until: new Date(Date.now() + waitS * 1_000).toISOString() }),
});

const askedTooLate = (name: string): string =>
  `engine ${name} asked where no round of questions is open (round: null): it has to plan with the answers it got`;

/** What the program said, as far as it is an answer to this request. */
const answerIn = (final: FinalMessage, request: EngineRequest, name: string): Answer | EngineFailure => {
  if (final.type === 'failed') return refused(final);
  const isTooLate = final.type === 'questions' && request.kind === 'plan' && request.round === null;
  return isTooLate ? failed(askedTooLate(name)) : final;
};

/**
 * Any program as an engine: `EngineRequestDocument` on standard input, `EngineMessage` lines on standard output. It is
 * believed no further than its words go: everything is validated, its time and output are limited, and its process group
 * ends with it.
 */
export const createCommandEngine = (options: CommandEngineOptions): Engine => {
  const { name, can } = options;
  return createAnsweringEngine({
    name,
    can,
    canSetting: `engines.commands.${name}.can`,
    answer: async (request, context) => {
      const conversation = await converse(options, request, context);
      const { final } = conversation;
      return (
        judgeRun(options, conversation) ??
        (final ? answerIn(final, request, name) : failed(`engine ${name} said nothing`))
      );
    },
  });
};
