import type { LanguageModelMiddleware } from 'ai';
import type { ModelEngineOptions } from './options.ts';
import { patientFetch } from './patient-fetch.ts';

export type LanguageModel = Parameters<NonNullable<LanguageModelMiddleware['wrapGenerate']>>[0]['model'];

const DEFAULT_URLS = { anthropic: 'https://api.anthropic.com/v1', openai: 'https://api.openai.com/v1' } as const;

/** What others call the base URL of Anthropic ends before the version; the SDK wants it with it. */
const withVersion = (url: string): string => (/\/v\d+\/?$/.test(url) ? url : `${url.replace(/\/+$/, '')}/v1`);

/**
 * Loaded when a request is made: a process without one does not pay for it (0.2 s, 30 MB). All that the packages
 * would look up in the environment is given.
 */
export const openModel = async (options: ModelEngineOptions): Promise<LanguageModel> => {
  const { provider, model, baseUrl, limits } = options;
  const apiKey = options.key?.value ?? '';
  const fetch = patientFetch(limits.silenceMs);
  switch (provider) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      return createAnthropic({ baseURL: withVersion(baseUrl ?? DEFAULT_URLS.anthropic), apiKey, fetch })(model);
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ baseURL: baseUrl ?? DEFAULT_URLS.openai, apiKey, fetch }).responses(model);
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const settings = {
        name: 'openai-compatible',
        baseURL: baseUrl ?? DEFAULT_URLS.openai,
        includeUsage: true,
        fetch,
      };
      return createOpenAICompatible({ ...settings, ...(apiKey ? { apiKey } : {}) })(model);
    }
  }
};
