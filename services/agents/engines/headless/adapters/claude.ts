import * as z from 'zod';
import type { Usage } from '#contracts';
import type { Adapter, AgentFault, Remark } from '../adapter.ts';
import { readWith, Tokens } from '../read-fields.ts';
import { assistantWith, Denials, denialsIn, saidIn } from './stream-json.ts';

/** Of the tools that are built in; nothing that goes on after the answer, leaves the worktree, or asks a person. */
const LOOKING = 'Read,Glob,Grep,Bash,WebFetch,WebSearch';
const WORKING = `${LOOKING},Edit,Write,NotebookEdit,Task`;

const MessageUsage = z.object({
  input_tokens: Tokens,
  cache_read_input_tokens: Tokens,
  cache_creation_input_tokens: Tokens,
  output_tokens: Tokens,
});

const Assistant = assistantWith(MessageUsage);

const ModelUsage = z.object({
  inputTokens: Tokens,
  outputTokens: Tokens,
  cacheReadInputTokens: Tokens,
  cacheCreationInputTokens: Tokens,
  costUSD: z.number().nonnegative().nullish(),
});

const Result = z.object({
  subtype: z.string().catch(''),
  is_error: z.boolean().catch(false),
  result: z.string().nullish(),
  errors: z.array(z.string()).nullish(),
  api_error_status: z.number().nullish(),
  modelUsage: z.record(z.string(), ModelUsage).catch({}),
  permission_denials: Denials,
});

const Retry = z.object({
  error_status: z.number().nullish(),
  error: z.string().nullish(),
  retry_delay_ms: z.number().nullish(),
});

/** Tokens of this agent leave out what was read from a cache or written to one. */
const usageOf = (model: string | null, uncached: number, read: number, written: number, output: number): Usage => ({
  provider: 'anthropic',
  model,
  input_tokens: uncached + read + written,
  cached_tokens: read,
  cache_write_tokens: written,
  output_tokens: output,
  cost_usd: null,
});

/** What messages of an agent that it started itself cost counts, too. */
const readAssistant = ({ message, parent_tool_use_id: parent }: z.infer<typeof Assistant>): readonly Remark[] => {
  const { id, model, usage } = message;
  const said = saidIn(message.content, parent);
  if (!usage) return said;
  const { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  const using = usageOf(model ?? null, input, read, written, usage.output_tokens);
  return [...said, { type: 'using', message: id, usage: using }];
};

const faultOf = ({ subtype, result, errors, api_error_status: status }: z.infer<typeof Result>): AgentFault => {
  const text = result ?? errors?.join('; ') ?? '';
  if (subtype === 'error_max_budget_usd')
    return {
      error:
        text || 'its budget is used up: money.reserve_usd in .studio/config.yaml is the most that one request may cost',
      budget: true,
    };
  const isLogin = /not logged in|\/login/i.test(text);
  return {
    error: text || subtype || 'it ended with an error',
    status: status ?? null,
    ...(isLogin ? { provider: 'refused_key' as const } : {}),
  };
};

/** Its results say `subtype: success` for errors of the provider too; `is_error` tells. */
const readResult = (result: z.infer<typeof Result>): readonly Remark[] => {
  const used = Object.entries(result.modelUsage).map(([model, tokens]): Remark => {
    const { inputTokens, cacheReadInputTokens: read, cacheCreationInputTokens: written, outputTokens } = tokens;
    const usage = usageOf(model, inputTokens, read, written, outputTokens);
    return { type: 'used', usage: { ...usage, cost_usd: tokens.costUSD ?? null } };
  });
  const failed = result.is_error || result.subtype.startsWith('error');
  const end: Remark = failed
    ? { type: 'failed', fault: faultOf(result) }
    : { type: 'ended', ...(result.result ? { text: result.result } : {}) };
  return [...denialsIn(result.permission_denials), ...used, end];
};

const readRetry = ({
  error_status: status,
  error,
  retry_delay_ms: waitMs,
}: z.infer<typeof Retry>): readonly Remark[] => [
  {
    type: 'retrying',
    fault: { error: `${error ?? 'no answer'}${status ? ` (${status})` : ''}`, status: status ?? null },
    waitMs: waitMs ?? null,
  },
];

const assistant = readWith(Assistant, readAssistant);
const result = readWith(Result, readResult);
const retry = readWith(Retry, readRetry);

/** Claude Code 2.1: `claude -p`. */
export const claude: Adapter = {
  args: ({ works, budgetUsd }) => [
    '-p',
    '--output-format',
    'stream-json',
    '--verbose',
    '--no-session-persistence',
    '--tools',
    works ? WORKING : LOOKING,
    '--permission-mode',
    works ? 'acceptEdits' : 'default',
    // Shell commands that only read need no permission; the others get none where nothing may be changed.
    '--allowedTools',
    works ? WORKING : 'Read,Glob,Grep,WebFetch,WebSearch',
    ...(budgetUsd === null ? [] : ['--max-budget-usd', String(budgetUsd)]),
  ],
  quiet: () => ({
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // Its own default tries a refused key for minutes.
    CLAUDE_CODE_MAX_RETRIES: '2',
  }),
  stopsAtBudget: true,
  read: (line) => {
    if (line.type === 'assistant') return assistant(line);
    if (line.type === 'result') return result(line);
    return line.type === 'system' && line.subtype === 'api_retry' ? retry(line) : [];
  },
};
