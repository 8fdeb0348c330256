import type { GenerateTextResult, ModelMessage, ToolSet } from 'ai';
import type { EngineBlocker, EngineContext, EngineFailure, EngineRequest } from '../engine.ts';
import { readAnswer } from '../prompts/read-answer.ts';
import { type Answers, callFor } from './answers.ts';
import { contextText } from './context-text.ts';
import { faultOf } from './faults.ts';
import { createMeter, type Meter } from './meter.ts';
import { labelOf, type ModelEngineOptions } from './options.ts';
import { createProgressLines } from './progress-lines.ts';
import { openModel } from './provider.ts';
import { Miss, schemaOf, type Tool, type ToolSpec } from './tools/tool.ts';
import type { ToolContext } from './tools/tool-context.ts';
import { leaveOutOld } from './transcript.ts';
import { wholeCalls } from './whole-calls.ts';

/** Answers that did not fit, of which the model was told, before the request fails. */
const REPAIRS = 3;

export interface Conversation<Outcome> {
  readonly options: ModelEngineOptions;
  readonly request: EngineRequest;
  readonly context: EngineContext;
  readonly instructions: string;
  readonly answers: Answers<Outcome>;
  readonly toolsFor: (context: ToolContext) => readonly Tool[];
  /** What a model may end with instead of an answer: a text. `null`: nothing else counts. */
  readonly said: ((text: string) => Outcome) | null;
  readonly redact: (text: string) => string;
}

/** What became of the conversation so far. */
interface Progress<Outcome> {
  answer: Outcome | EngineBlocker | null;
  stopped: EngineFailure | null;
  misses: number;
  lastMiss: string;
}

type Result = GenerateTextResult<ToolSet, Record<string, unknown>, never>;

const failed = (error: string, more: Partial<Extract<EngineFailure, { outcome: 'failed' }>> = {}): EngineFailure => ({
  outcome: 'failed',
  error,
  ...more,
});

/** Why no further call is made; `null` while one may be. */
const limitReached = (
  { options, context }: Conversation<unknown>,
  meter: Meter,
  calls: number,
): EngineFailure | null => {
  const { limits, settings } = options;
  const raise = (limit: string) => `raise ${settings}.limits.${limit} in .studio/config.yaml, or make the step smaller`;
  if (context.budgetUsd != null && meter.costUsd() >= context.budgetUsd)
    return failed(
      `${labelOf(options)} was ended: it may cost $${context.budgetUsd} and has cost $${meter.costUsd().toFixed(4)}; money.reserve_usd in .studio/config.yaml is the most that one request may`,
      {
        category: 'blocker',
      },
    );
  if (context.budgetTokens != null && meter.tokens() >= context.budgetTokens)
    return failed(
      `${labelOf(options)} was ended: it may use ${context.budgetTokens} tokens and has used ${meter.tokens()}`,
      { category: 'blocker' },
    );
  if (meter.tokens() >= limits.tokens)
    return failed(`${labelOf(options)} used ${meter.tokens()} tokens without an end: ${raise('tokens')}`);
  if (calls >= limits.steps) return failed(`${labelOf(options)} made ${calls} calls without an end: ${raise('steps')}`);
  return null;
};

const missed = (progress: Progress<unknown>, told: string): Miss => {
  progress.misses += 1;
  progress.lastMiss = told;
  return new Miss(told);
};

/** A tool as the SDK has it. What is wrong with its input is for us to say, in words that help. */
const createTools = async <Outcome>(
  { answers, toolsFor }: Conversation<Outcome>,
  toolContext: ToolContext,
  progress: Progress<Outcome>,
): Promise<ToolSet> => {
  const { jsonSchema, tool } = await import('ai');
  const define = (spec: ToolSpec, execute: (input: unknown) => Promise<string>) =>
    [
      spec.name,
      // Not strict: providers then refuse what is optional, and unions.
      tool({ description: spec.description, inputSchema: jsonSchema<unknown>(schemaOf(spec)), strict: false, execute }),
    ] as const;
  const answering = answers.specs.map((spec) =>
    define(spec, async (input) => {
      if (progress.answer !== null) throw new Miss('there is an answer already');
      try {
        progress.answer = answers.take(spec.name, input);
        return 'taken';
      } catch (error) {
        throw error instanceof Miss ? missed(progress, error.message) : error;
      }
    }),
  );
  const acting = toolsFor(toolContext).map((acts) =>
    define(acts, async (input) => {
      // Tools of one answer run one after the other; what ended the request ends the rest of them.
      toolContext.signal.throwIfAborted();
      if (progress.stopped !== null || progress.answer !== null) throw new Miss('the work has ended');
      return acts.run(input);
    }),
  );
  return Object.fromEntries([...acting, ...answering]);
};

/** A text instead of a call: a document that some models rather write, or the end of work. */
const takeText = <Outcome>(
  { request, answers, said }: Conversation<Outcome>,
  text: string,
): Outcome | EngineBlocker => {
  const read = readAnswer(request, text);
  if ('problem' in read) throw new Miss(read.problem);
  const { answer } = read;
  if (answer.type !== 'done') return answers.take(callFor(answer.type), answer);
  if (said === null) throw new Miss('it was a text and no document');
  return said(answer.summary);
};

const refusal = ({ options }: Conversation<unknown>, text: string): EngineFailure =>
  failed(
    `${labelOf(options)}: the model refused to answer${text ? `: ${text.slice(0, 1_000)}` : ''}; say it in other words, or choose another engine`,
    {
      category: 'code_error',
    },
  );

const cutOff = ({ options }: Conversation<unknown>): EngineFailure =>
  failed(
    `${labelOf(options)}: the answer was cut off at its longest; raise ${options.settings}.limits.output_tokens in .studio/config.yaml, or ask for less`,
    {
      category: 'code_error',
    },
  );

const misfit = ({ options }: Conversation<unknown>, { misses, lastMiss }: Progress<unknown>): EngineFailure =>
  failed(`${labelOf(options)} was told ${misses - 1} times what is wrong with its answer, and still: ${lastMiss}`, {
    category: 'code_error',
  });

/** What a turn came to; `null`: the model is told what is missing, and goes on. */
const judge = <Outcome>(talk: Conversation<Outcome>, progress: Progress<Outcome>, result: Result) => {
  const { text, finishReason } = result;
  if (progress.stopped) return progress.stopped;
  if (progress.answer) return progress.answer;
  if (finishReason === 'content-filter') return refusal(talk, text);
  if (finishReason === 'length') return cutOff(talk);
  try {
    if (finishReason !== 'tool-calls') return takeText(talk, text);
  } catch (error) {
    if (!(error instanceof Miss)) throw error;
    missed(progress, error.message);
  }
  return progress.misses > REPAIRS ? misfit(talk, progress) : null;
};

const PROVIDER_OPTIONS = {
  // All but the newest messages are the same in each call: read from the cache they cost a tenth.
  anthropic: { cacheControl: { type: 'ephemeral' } },
  // Nothing is kept there: a conversation is whole in each call.
  openai: { store: false },
} as const;

/** Anthropic wants a number, and the SDK knows one only for models of its time: 4,096 for all others would cut plans off. */
const ANTHROPIC_OUTPUT_TOKENS = 32_000;

const outputLimit = ({ provider, limits: { outputTokens } }: ModelEngineOptions): { maxOutputTokens?: number } => {
  if (outputTokens !== null) return { maxOutputTokens: outputTokens };
  return provider === 'anthropic' ? { maxOutputTokens: ANTHROPIC_OUTPUT_TOKENS } : {};
};

/** Calls that the SDK could not read never reached a tool: the model is told by the SDK, and here they are counted. */
const countUnreadable = (progress: Progress<unknown>, { content }: Result['finalStep']): void => {
  for (const part of content)
    if (part.type === 'tool-call' && 'invalid' in part && part.invalid)
      missed(progress, `the input of ${part.toolName} is not JSON, or there is no such tool`);
};

const createToolContext = (
  { context, redact }: Conversation<unknown>,
  progress: Progress<unknown>,
  say: (message: string) => void,
): ToolContext => ({
  directory: context.directory,
  ...(context.repository && { repository: context.repository }),
  signal: context.signal,
  run: context.run,
  ...(context.learned ? { learned: context.learned } : {}),
  say,
  show: redact,
  stop: (failure) => {
    progress.stopped ??= failure;
  },
});

/**
 * Talks with the model until there is an answer: it looks around and acts through tools, is told what does not fit, and is
 * ended at the limits.
 */
export const converse = async <Outcome>(talk: Conversation<Outcome>): Promise<Outcome | EngineFailure> => {
  const { options, context } = talk;
  const { generateText, wrapLanguageModel } = await import('ai');
  const meter = createMeter(options, context);
  const progress: Progress<Outcome> = { answer: null, stopped: null, misses: 0, lastMiss: '' };
  const lines = createProgressLines(context.progress);
  const middleware = wholeCalls({ options, meter, say: lines.say, onText: lines.onText });
  const model = wrapLanguageModel({ model: await openModel(options), middleware });
  const tools = await createTools(talk, createToolContext(talk, progress, lines.say), progress);
  let messages: ModelMessage[] = [{ role: 'user', content: contextText(talk.request) }];
  let calls = 0;
  const isOver = () =>
    progress.answer !== null ||
    progress.stopped !== null ||
    progress.misses > REPAIRS ||
    limitReached(talk, meter, calls) !== null;

  for (;;) {
    const result: Result = await generateText({
      model,
      instructions: talk.instructions,
      messages,
      tools,
      toolCallConcurrency: 1,
      stopWhen: isOver,
      maxRetries: 0,
      abortSignal: context.signal,
      ...outputLimit(options),
      providerOptions: PROVIDER_OPTIONS,
      prepareStep: ({ messages: all }) => leaveOutOld(all, meter.lastInput(), options.limits.contextTokens),
      onStepEnd: (step) => {
        calls += 1;
        countUnreadable(progress, step);
      },
    });
    const outcome = judge(talk, progress, result) ?? limitReached(talk, meter, calls);
    if (outcome) return outcome;
    messages = [
      ...messages,
      ...result.responseMessages,
      { role: 'user', content: `That is not an answer: ${progress.lastMiss}. Answer with a tool call.` },
    ];
  }
};

/** An error on the way, whoever threw it. */
export const failureOf = (error: unknown, options: ModelEngineOptions): EngineFailure =>
  faultOf(error, options, Date.now()).failure;
