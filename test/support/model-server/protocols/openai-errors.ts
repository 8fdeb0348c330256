// https://platform.openai.com/docs/guides/error-codes

interface Words {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
}

const bodyOf = ({ message, type, code }: Words) => ({ error: { message, type, param: null, code } });

const WORDS: Readonly<Record<number, Words>> = {
  401: { message: 'Incorrect API key provided: sk-local.', type: 'invalid_request_error', code: 'invalid_api_key' },
  429: {
    message: 'Rate limit reached for requests. Please try again later.',
    type: 'requests',
    code: 'rate_limit_exceeded',
  },
  500: { message: 'The server had an error while processing your request.', type: 'server_error', code: null },
  529: { message: 'That model is currently overloaded with other requests.', type: 'server_error', code: null },
};

/** What both protocols of OpenAI answer. */
export const openAiError = (status: number) =>
  bodyOf(WORDS[status] ?? { message: `scripted error ${status}`, type: 'server_error', code: null });

export const openAiQuota = {
  status: 429,
  body: bodyOf({
    message: 'You exceeded your current quota, please check your plan and billing details.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  }),
};
