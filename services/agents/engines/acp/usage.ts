import * as z from 'zod';
import type { Usage } from '#contracts';
import type { AgentPreset } from './presets.ts';
import { type Answered, Tokens, type Update } from './replies.ts';

type Counted = Pick<Usage, 'input_tokens' | 'cached_tokens' | 'cache_write_tokens' | 'output_tokens'>;

const NOTHING: Counted = { input_tokens: 0, cached_tokens: 0, cache_write_tokens: 0, output_tokens: 0 };

/** Of an agent that nobody measured, the sum tells whether what came from a cache is a part of the input. */
const isPart = (tokens: Tokens, cached: AgentPreset['usage']['cached'] | null): boolean => {
  if (cached !== null) return cached === 'part';
  const { inputTokens, outputTokens, totalTokens } = tokens;
  return totalTokens !== null && totalTokens !== undefined && totalTokens <= (inputTokens ?? 0) + (outputTokens ?? 0);
};

const normalised = (tokens: Tokens, cached: AgentPreset['usage']['cached'] | null): Counted => {
  const read = tokens.cachedReadTokens ?? 0;
  const write = tokens.cachedWriteTokens ?? 0;
  const beside = isPart(tokens, cached) ? 0 : read + write;
  return {
    input_tokens: Math.round((tokens.inputTokens ?? 0) + beside),
    cached_tokens: Math.round(read),
    cache_write_tokens: Math.round(write),
    output_tokens: Math.round(tokens.outputTokens ?? 0),
  };
};

const sum = (a: Counted, b: Counted): Counted => ({
  input_tokens: a.input_tokens + b.input_tokens,
  cached_tokens: a.cached_tokens + b.cached_tokens,
  cache_write_tokens: a.cache_write_tokens + b.cache_write_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
});

const Quota = z.object({
  token_count: z.object({ input_tokens: z.number().nonnegative(), output_tokens: z.number().nonnegative() }),
});

const quotaOf = ({ _meta }: Answered): Tokens | null => {
  const counted = Quota.safeParse(_meta?.quota).data?.token_count;
  return counted ? Tokens.parse({ inputTokens: counted.input_tokens, outputTokens: counted.output_tokens }) : null;
};

/** What agents count for all of a session becomes what it has grown by. */
const createDifference = (start: number) => {
  let known = start;
  return (total: number): number => {
    // A total below the last one began anew: the agent counts by process.
    const grown = total >= known ? total - known : total;
    known = total;
    return grown;
  };
};

export interface UsageMeter {
  /** Of an update within a turn. */
  readonly hear: (update: Update) => void;
  /** What the session has cost by now beyond what was told, US dollars. */
  readonly pendingUsd: () => number;
  /** What the agent says that all of the session has cost; `null` when it says nothing. */
  readonly totalUsd: () => number | null;
  /** What was used since the last time; `null` where nothing was heard of it. */
  readonly settle: (answer: Answered | null) => Usage | null;
}

/** Reads what an agent says of tokens and cost, as each says it, and gives every amount once. */
export const createUsageMeter = (preset: AgentPreset | null, costBefore: number | null): UsageMeter => {
  const cached = preset?.usage.cached ?? null;
  const difference = createDifference(costBefore ?? 0);
  let total = costBefore;
  let told = costBefore ?? 0;
  let heard = false;
  let chunks: Counted | null = null;

  const hearChunk = (update: Extract<Update, { sessionUpdate: 'agent_message_chunk' }>): void => {
    const tokens = Tokens.safeParse(update._meta?.usage).data;
    // Its calls: these always count the cache as a part of the input.
    if (tokens) chunks = sum(chunks ?? NOTHING, normalised(tokens, cached ?? 'part'));
  };
  const countedIn = (answer: Answered | null): Counted | null => {
    const quota = answer && quotaOf(answer);
    if (preset?.usage.in === 'quota') return quota && normalised(quota, cached);
    if (preset?.usage.in === 'chunks') return chunks;
    if (answer?.usage) return normalised(answer.usage, cached);
    return chunks ?? (quota && normalised(quota, cached));
  };
  return {
    hear: (update) => {
      if (update.sessionUpdate === 'agent_message_chunk') hearChunk(update);
      if (update.sessionUpdate !== 'usage_update' || update.cost?.currency.toUpperCase() !== 'USD') return;
      total = update.cost.amount;
      heard = true;
    },
    pendingUsd: () => Math.max(0, (total ?? 0) - told),
    totalUsd: () => total,
    settle: (answer) => {
      const counted = countedIn(answer);
      const cost = total === null || !heard ? null : difference(total);
      chunks = null;
      heard = false;
      told = total ?? told;
      if (counted === null && !cost) return null;
      return { provider: preset?.provider ?? null, model: null, ...(counted ?? NOTHING), cost_usd: cost };
    },
  };
};
