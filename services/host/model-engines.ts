import { join } from 'node:path';
import { type Config, ModelEngine } from '#contracts';
import { createModelEngine, type Engine, type EngineBlocker, type ModelEngineOptions } from '#engines';
import type { Pricing } from '#money';
import { packageRoot } from '#runtime';

type Environment = Readonly<Record<string, string | undefined>>;

const KEY_VARIABLES = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  'openai-compatible': null,
} as const satisfies Record<ModelEngine['provider'], string | null>;

/** What variables say of an engine, and what is wrong with that. */
interface OfVariables {
  readonly origin: string;
  readonly trouble: EngineBlocker | null;
}

interface Given {
  readonly env: Environment;
  /** Without it no budget ends a request early. */
  readonly pricing: Pricing | undefined;
}

const engineOf = (name: string, configured: ModelEngine, { env, pricing }: Given, variables?: OfVariables): Engine => {
  const { provider, model, base_url: baseUrl, api_key_env: named, can, timeout_s, limits } = configured;
  const variable = named ?? KEY_VARIABLES[provider];
  const options: ModelEngineOptions = {
    name,
    provider,
    model,
    baseUrl: baseUrl ?? null,
    key: variable === null ? null : { variable, value: env[variable] || null },
    settings: `engines.models.${name}`,
    trouble: variables?.trouble ?? null,
    origin: variables?.origin ?? `engines.models.${name} (provider, model, base_url) in .studio/config.yaml`,
    can: { plan: can.includes('plan'), work: can.includes('work'), decompose: can.includes('decompose') },
    timeoutMs: timeout_s * 1_000,
    limits: {
      steps: limits.steps,
      tokens: limits.tokens,
      contextTokens: limits.context_tokens,
      outputTokens: limits.output_tokens,
      callMs: limits.call_s * 1_000,
      silenceMs: limits.silence_s * 1_000,
    },
    instructionsDir: join(packageRoot(), 'data', 'instructions'),
    ...(pricing && { priceOf: (usage) => pricing(usage).costUsd }),
  };
  return createModelEngine(options);
};

/** An address of its own is hardly ever one that speaks the Responses API. */
const openAiFrom = ({ OPENAI_BASE_URL: url, OPENAI_MODEL: model }: Environment): unknown =>
  url
    ? { provider: 'openai-compatible', base_url: url, api_key_env: KEY_VARIABLES.openai, model }
    : { provider: 'openai', model };

const anthropicFrom = ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_MODEL: model }: Environment): unknown => ({
  provider: 'anthropic',
  model,
  ...(url ? { base_url: url } : {}),
});

/** Its value is not told: it may be a key that went into the wrong variable. */
const addressTrouble = (variable: string, env: Environment): EngineBlocker | null =>
  !env[variable] || ModelEngine.shape.base_url.safeParse(env[variable]).success
    ? null
    : {
        outcome: 'cannot',
        reason: `engine model has no address: ${variable} is set where this worker runs, and is no http or https URL`,
        unblock: `set ${variable} to an address such as http://127.0.0.1:8000/v1, or to nothing, in the environment of the workers (of studio up, or of the shell that starts them) and start them again`,
      };

/**
 * The engine `model` of the usual variables. A key alone does not make one: it may be there for something else, and a model
 * that nobody named would be asked on somebody's account.
 */
const fromEnvironment = (given: Given): readonly Engine[] => {
  const { env } = given;
  const prefix = env.ANTHROPIC_MODEL ? 'ANTHROPIC' : 'OPENAI';
  const variable = `${prefix}_BASE_URL`;
  const trouble = addressTrouble(variable, env);
  const readable = trouble ? { ...env, [variable]: '' } : env;
  const parsed = ModelEngine.safeParse(prefix === 'ANTHROPIC' ? anthropicFrom(readable) : openAiFrom(readable));
  if (!parsed.success) return [];
  return [engineOf('model', parsed.data, given, { origin: `${prefix}_MODEL and ${variable}`, trouble })];
};

/** The models of the configuration; with none there, the one that the usual variables name. */
export const modelEngines = (
  { engines: { models } }: Pick<Config, 'engines'>,
  env: Environment,
  pricing?: Pricing,
): readonly Engine[] => {
  const given = { env, pricing };
  const configured = Object.entries(models);
  if (configured.length === 0) return fromEnvironment(given);
  return configured.map(([name, engine]) => engineOf(name, engine, given));
};
