import type { EngineMessage } from '#contracts';
import { completeMap, completePlan } from './complete.ts';
import type { Capabilities, Engine, EngineContext, EngineFailure, EngineRequest } from './engine.ts';
import { mapTexts } from './map-texts.ts';

/** A document that ends a request. */
export type Answer = Extract<EngineMessage, { type: 'plan' | 'questions' | 'map' | 'done' | 'cannot' }>;

export interface AnsweringEngineOptions {
  readonly name: string;
  readonly can: Capabilities;
  /** The setting that would give the engine a capability which it lacks, for its blocker. */
  readonly canSetting: string;
  /** Any error but an abort is a failed outcome. */
  readonly answer: (request: EngineRequest, context: EngineContext) => Promise<Answer | EngineFailure>;
}

export const failed = (error: string): EngineFailure => ({ outcome: 'failed', error });

/** Nothing of the work is at fault: the same may do it the next time. */
export const failedForNow = (error: string): EngineFailure => ({ outcome: 'failed', category: 'transient', error });

/** What an engine says that is asked for what it is not configured to do. */
export const unable = (
  { name, canSetting }: Pick<AnsweringEngineOptions, 'name' | 'canSetting'>,
  what: keyof Capabilities,
): EngineFailure => ({
  outcome: 'cannot',
  reason: `engine ${name} is not configured to ${what}`,
  unblock: `add ${what} to ${canSetting} in .studio/config.yaml, or choose another engine`,
});

const misfit = (answer: Answer, name: string): EngineFailure =>
  answer.type === 'cannot'
    ? { outcome: 'cannot', reason: answer.reason, unblock: answer.unblock }
    : failed(`engine ${name} answered ${answer.type} to another question`);

/** An engine that ends each request with one document, without secrets. What Studio knows already is filled in. */
export const createAnsweringEngine = (options: AnsweringEngineOptions): Engine => {
  const { name, can } = options;
  const source = `engine ${name}`;
  const answerTo = async (request: EngineRequest, context: EngineContext): Promise<Answer | EngineFailure> => {
    context.signal.throwIfAborted();
    const answer = await options.answer(request, context).catch((error: unknown) => {
      context.signal.throwIfAborted();
      return failed(`engine ${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    context.signal.throwIfAborted();
    return mapTexts(answer, context.redact ?? ((text) => text));
  };
  return {
    name,
    can,
    async plan(request, context) {
      if (!can.plan) return unable(options, 'plan');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      if (answer.type === 'questions')
        return { outcome: 'questions', questions: answer.questions, readiness: answer.readiness };
      if (answer.type !== 'plan') return misfit(answer, name);
      return { outcome: 'planned', plan: completePlan(answer.plan, request), source, cautions: answer.cautions };
    },
    async decompose(request, context) {
      if (!can.decompose) return unable(options, 'decompose');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      if (answer.type !== 'map') return misfit(answer, name);
      return { outcome: 'decomposed', map: completeMap(answer.map), source, cautions: answer.cautions };
    },
    async work(request, context) {
      if (!can.work) return unable(options, 'work');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      return answer.type === 'done' ? { outcome: 'done', summary: answer.summary } : misfit(answer, name);
    },
  };
};
