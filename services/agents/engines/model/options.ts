import type { Usage } from '#contracts';
import type { Capabilities, EngineBlocker } from '../engine.ts';

/** What one request of ours may take of a model. */
export interface ModelLimits {
  /** Calls of the model. */
  readonly steps: number;
  /** Input and output of all calls together. */
  readonly tokens: number;
  /** Input of one call from which on the oldest output of tools is left out. */
  readonly contextTokens: number;
  /** Output of one call; `null`: what the provider sets. */
  readonly outputTokens: number | null;
  /** Milliseconds of one call. */
  readonly callMs: number;
  /** Milliseconds without a byte from the provider. */
  readonly silenceMs: number;
}

export interface ModelEngineOptions {
  readonly name: string;
  /** `openai` speaks the Responses API, `openai-compatible` chat completions. */
  readonly provider: 'anthropic' | 'openai' | 'openai-compatible';
  readonly model: string;
  /** `null`: the provider's own. */
  readonly baseUrl: string | null;
  /** The variable that has the key, and its value where it is set; `null`: none is needed. */
  readonly key: { readonly variable: string; readonly value: string | null } | null;
  /** What is wrong with it, so that nobody can be asked. */
  readonly trouble?: EngineBlocker | null;
  /** Where its settings belong: `engines.models.<name>`. */
  readonly settings: string;
  /** What said which provider and model it is: that section, or variables. */
  readonly origin: string;
  readonly can: Capabilities;
  readonly timeoutMs: number;
  readonly limits: ModelLimits;
  /** A folder with `plan.md`, `decompose.md` and `work.md`. */
  readonly instructionsDir: string;
  /** US dollars; `null`: nobody knows. Without it a budget cannot end a request early. */
  readonly priceOf?: (usage: Usage) => number | null;
  /** Before the second try of a call, and twice as long before the third. Default: a second. */
  readonly backoffMs?: number;
}

/** Everything but the name of the engine, for a sentence about it. */
export const labelOf = ({ name, model }: ModelEngineOptions): string => `engine ${name} (${model})`;
