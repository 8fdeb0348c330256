import { completeMap, completePlan } from '../complete.ts';
import type { Capabilities, Engine, EngineContext, EngineFailure, EngineRequest } from '../engine.ts';
import { mapTexts } from '../map-texts.ts';
import { type CommandEngineOptions, converse } from './conversation.ts';
import { failed, judgeRun } from './judge-run.ts';
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

const refusal = (final: FinalMessage, name: string): EngineFailure => {
  switch (final.type) {
    case 'cannot':
      return { outcome: 'cannot', reason: final.reason, unblock: final.unblock };
    case 'failed':
      return refused(final);
    case 'plan':
    case 'questions':
    case 'map':
    case 'done':
      return failed(`engine ${name} answered ${final.type} to another question`);
  }
};

const askedTooLate = (name: string): string =>
  `engine ${name} asked where no round of questions is open (round: null): it has to plan with the answers it got`;

/**
 * Any program as an engine: `EngineRequestDocument` on standard input, `EngineMessage` lines on standard output. It is
 * believed no further than its words go: everything is validated, its time and output are limited, and its process group
 * ends with it.
 */
export const createCommandEngine = (options: CommandEngineOptions): Engine => {
  const { name, can } = options;
  const ask = async (request: EngineRequest, context: EngineContext): Promise<FinalMessage | EngineFailure> => {
    context.signal.throwIfAborted();
    const conversation = await converse(options, request, context);
    return judgeRun(options, conversation) ?? conversation.final ?? failed(`engine ${name} said nothing`);
  };
  /** What the program said, without secrets; an error of ours on the way is a failure too. */
  const answerTo = async (request: EngineRequest, context: EngineContext): Promise<FinalMessage | EngineFailure> => {
    const answer = await ask(request, context).catch((error: unknown) => {
      context.signal.throwIfAborted();
      return failed(`engine ${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    return mapTexts(answer, context.redact ?? ((text) => text));
  };
  const unable = (what: keyof Capabilities): EngineFailure => ({
    outcome: 'cannot',
    reason: `engine ${name} is not configured to ${what}`,
    unblock: `add ${what} to engines.commands.${name}.can in .studio/config.yaml, or choose another engine`,
  });
  return {
    name,
    can,
    async plan(request, context) {
      if (!can.plan) return unable('plan');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      if (answer.type === 'questions') {
        const { questions, readiness } = answer;
        return request.round ? { outcome: 'questions', questions, readiness } : failed(askedTooLate(name));
      }
      if (answer.type !== 'plan') return refusal(answer, name);
      return {
        outcome: 'planned',
        plan: completePlan(answer.plan, request),
        source: `engine ${name}`,
        cautions: answer.cautions,
      };
    },
    async decompose(request, context) {
      if (!can.decompose) return unable('decompose');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      if (answer.type !== 'map') return refusal(answer, name);
      return {
        outcome: 'decomposed',
        map: completeMap(answer.map),
        source: `engine ${name}`,
        cautions: answer.cautions,
      };
    },
    async work(request, context) {
      if (!can.work) return unable('work');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      return answer.type === 'done' ? { outcome: 'done', summary: answer.summary } : refusal(answer, name);
    },
  };
};
