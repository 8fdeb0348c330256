import type { Usage } from '#contracts';
import type { EngineContext } from '../engine.ts';
import type { ModelEngineOptions } from './options.ts';
import type { Answer } from './whole-answer.ts';

/** Of text in any language and of code, about so many characters are a token. Only where a provider says nothing. */
const CHARACTERS_PER_TOKEN = 4;

const estimate = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

export interface CallSize {
  /** Characters that were sent. */
  readonly input: number;
  /** Characters that came back. */
  readonly output: number;
}

/** Tokens of a request of ours, call by call. */
export interface Meter {
  /** A call has ended, or has broken off after it had begun to answer: then `said` is `null`. */
  readonly add: (said: Answer['usage'] | null, size: CallSize) => void;
  /** Input and output of all calls so far. */
  readonly tokens: () => number;
  /** Input of the newest call. */
  readonly lastInput: () => number;
  /** US dollars so far; 0 where nobody knows prices. */
  readonly costUsd: () => number;
}

const usageOf = ({ provider, model }: ModelEngineOptions, said: Answer['usage'] | null, size: CallSize): Usage => {
  const { inputTokens, outputTokens } = said ?? {};
  return {
    provider,
    model,
    input_tokens: inputTokens?.total ?? estimate(size.input),
    cached_tokens: inputTokens?.cacheRead ?? 0,
    cache_write_tokens: inputTokens?.cacheWrite ?? 0,
    output_tokens: outputTokens?.total ?? estimate(size.output),
    cost_usd: null,
  };
};

/** Tells of each call once, as soon as it is known, also of one that failed. */
export const createMeter = (options: ModelEngineOptions, { used }: Pick<EngineContext, 'used'>): Meter => {
  let tokens = 0;
  let lastInput = 0;
  let costUsd = 0;
  return {
    add: (said, size) => {
      const usage = usageOf(options, said, size);
      tokens += usage.input_tokens + usage.output_tokens;
      lastInput = usage.input_tokens;
      costUsd += options.priceOf?.(usage) ?? 0;
      used?.(usage);
    },
    tokens: () => tokens,
    lastInput: () => lastInput,
    costUsd: () => costUsd,
  };
};
