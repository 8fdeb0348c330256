import { type Answer, type AnsweringEngineOptions, createAnsweringEngine, failed } from '../answering-engine.ts';
import type { Engine, EngineContext, EngineFailure, EngineRequest } from '../engine.ts';
import { promptFor, promptToRepair, repairPrompt } from './prompt-for.ts';
import { learningsIn, readAnswer } from './read-answer.ts';

export interface Prompt {
  readonly request: EngineRequest;
  /** All of it, for an agent that remembers nothing. */
  readonly text: string;
  /** After an answer that could not be read: what to say in the conversation in which it was given, else `null`. */
  readonly again: string | null;
}

/** What an agent said last, or why it said nothing that counts. */
export type Said = { readonly outcome: 'said'; readonly text: string } | EngineFailure;

export interface PromptedEngineOptions extends Omit<AnsweringEngineOptions, 'answer'> {
  /** Puts one prompt. Rejects with the reason of `context.signal` after its abort. */
  readonly ask: (prompt: Prompt, context: EngineContext) => Promise<Said>;
}

const MOST_SHOWN = 300;

/** Asks, and once more where the answer cannot be read. */
const converse = async (
  { name, ask }: PromptedEngineOptions,
  request: EngineRequest,
  context: EngineContext,
): Promise<Answer | EngineFailure> => {
  const first = await ask({ request, text: promptFor(request, context), again: null }, context);
  if (first.outcome !== 'said') return first;
  for (const text of learningsIn(first.text)) context.learned?.({ domain: null, text });
  const read = readAnswer(request, first.text);
  if ('answer' in read) return read.answer;
  const { problem } = read;
  context.progress(`the answer cannot be used, asking once more: ${problem.slice(0, MOST_SHOWN)}`);
  const text = promptToRepair(request, context, { said: first.text, problem });
  const second = await ask({ request, text, again: repairPrompt(problem) }, context);
  if (second.outcome !== 'said') return second;
  const repaired = readAnswer(request, second.text);
  if ('answer' in repaired) return repaired.answer;
  return failed(`engine ${name} gave no answer that can be used, twice: ${repaired.problem}`);
};

/**
 * An engine that is asked in words and answers in words: prompts, and the reading of answers with one repair, are the
 * same for all of them.
 */
export const createPromptedEngine = (options: PromptedEngineOptions): Engine =>
  createAnsweringEngine({ ...options, answer: (request, context) => converse(options, request, context) });
