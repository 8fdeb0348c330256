import { completeMap, completePlan } from '../complete.ts';
import type { Capabilities, Engine, EngineContext, EngineFailure, EngineRequest } from '../engine.ts';
import { mapTexts } from '../map-texts.ts';
import { promptFor, promptToRepair, repairPrompt } from './prompt-for.ts';
import { type Answer, learningsIn, readAnswer } from './read-answer.ts';

export interface Prompt {
  readonly request: EngineRequest;
  /** All of it, for an agent that remembers nothing. */
  readonly text: string;
  /** After an answer that could not be read: what to say in the conversation in which it was given, else `null`. */
  readonly again: string | null;
}

/** What an agent said last, or why it said nothing that counts. */
export type Said = { readonly outcome: 'said'; readonly text: string } | EngineFailure;

export interface PromptedEngineOptions {
  readonly name: string;
  readonly can: Capabilities;
  /** The setting that would give the engine a capability which it lacks, for its blocker. */
  readonly canSetting: string;
  /** Puts one prompt. Rejects with the reason of `context.signal` after its abort. */
  readonly ask: (prompt: Prompt, context: EngineContext) => Promise<Said>;
}

const failed = (error: string): EngineFailure => ({ outcome: 'failed', error });

const MOST_SHOWN = 300;

/** Asks, and once more where the answer cannot be read. */
const converse = async (
  { name, ask }: PromptedEngineOptions,
  request: EngineRequest,
  context: EngineContext,
): Promise<Answer | EngineFailure> => {
  const first = await ask({ request, text: promptFor(request), again: null }, context);
  if (first.outcome !== 'said') return first;
  for (const text of learningsIn(first.text)) context.learned?.({ domain: null, text });
  const read = readAnswer(request, first.text);
  if ('answer' in read) return read.answer;
  const { problem } = read;
  context.progress(`the answer cannot be used, asking once more: ${problem.slice(0, MOST_SHOWN)}`);
  const text = promptToRepair(request, first.text, problem);
  const second = await ask({ request, text, again: repairPrompt(problem) }, context);
  if (second.outcome !== 'said') return second;
  const repaired = readAnswer(request, second.text);
  if ('answer' in repaired) return repaired.answer;
  return failed(`engine ${name} gave no answer that can be used, twice: ${repaired.problem}`);
};

const misfit = (answer: Answer, name: string): EngineFailure =>
  answer.type === 'cannot'
    ? { outcome: 'cannot', reason: answer.reason, unblock: answer.unblock }
    : failed(`engine ${name} answered ${answer.type} to another question`);

/**
 * An engine that is asked in words and answers in words: prompts, the reading of answers with one repair, and redaction
 * are the same for all of them. Any error of `ask` but an abort is a failed outcome.
 */
export const createPromptedEngine = (options: PromptedEngineOptions): Engine => {
  const { name, can, canSetting } = options;
  const answerTo = async (request: EngineRequest, context: EngineContext): Promise<Answer | EngineFailure> => {
    context.signal.throwIfAborted();
    const answer = await converse(options, request, context).catch((error: unknown) => {
      context.signal.throwIfAborted();
      return failed(`engine ${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    context.signal.throwIfAborted();
    return mapTexts(answer, context.redact ?? ((text) => text));
  };
  const unable = (what: keyof Capabilities): EngineFailure => ({
    outcome: 'cannot',
    reason: `engine ${name} is not configured to ${what}`,
    unblock: `add ${what} to ${canSetting} in .studio/config.yaml, or choose another engine`,
  });
  return {
    name,
    can,
    async plan(request, context) {
      if (!can.plan) return unable('plan');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      const { type } = answer;
      if (type === 'questions')
        return { outcome: 'questions', questions: answer.questions, readiness: answer.readiness };
      if (type !== 'plan') return misfit(answer, name);
      const { cautions } = answer;
      return { outcome: 'planned', plan: completePlan(answer.plan, request), source: `engine ${name}`, cautions };
    },
    async decompose(request, context) {
      if (!can.decompose) return unable('decompose');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      if (answer.type !== 'map') return misfit(answer, name);
      const { cautions } = answer;
      return { outcome: 'decomposed', map: completeMap(answer.map), source: `engine ${name}`, cautions };
    },
    async work(request, context) {
      if (!can.work) return unable('work');
      const answer = await answerTo(request, context);
      if ('outcome' in answer) return answer;
      return answer.type === 'done' ? { outcome: 'done', summary: answer.summary } : misfit(answer, name);
    },
  };
};
