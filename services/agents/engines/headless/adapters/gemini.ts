import * as z from 'zod';
import type { Adapter, AgentFault, Remark } from '../adapter.ts';
import { describeTool, readWith, Tokens } from '../read-fields.ts';

const Message = z.object({ role: z.literal('assistant'), content: z.string(), delta: z.boolean().nullish() });
const ToolUse = z.object({ tool_name: z.string(), parameters: z.unknown() });

const Stats = z.object({
  models: z.record(z.string(), z.object({ input_tokens: Tokens, output_tokens: Tokens, cached: Tokens })).catch({}),
});
const Result = z.object({
  status: z.string(),
  error: z.object({ message: z.string() }).nullish(),
  stats: Stats.nullish(),
});

/** `[API Error: {"error":{"code":401,…}}]` */
const faultOf = (message: string): AgentFault => {
  const [, status] = /"code":\s*(\d{3})\b/.exec(message) ?? [];
  return { error: message, status: status === undefined ? null : Number(status) };
};

/** Input includes what was read from a cache; it says no cost. */
const usageOf = ({ stats }: z.infer<typeof Result>): readonly Remark[] =>
  Object.entries(stats?.models ?? {})
    .filter(([, tokens]) => tokens.input_tokens + tokens.output_tokens > 0)
    .map(([model, tokens]) => ({
      type: 'used',
      usage: {
        provider: 'google',
        model,
        input_tokens: tokens.input_tokens,
        cached_tokens: Math.min(tokens.cached, tokens.input_tokens),
        cache_write_tokens: 0,
        output_tokens: tokens.output_tokens,
        cost_usd: null,
      },
    }));

const readResult = (result: z.infer<typeof Result>): readonly Remark[] => [
  ...usageOf(result),
  result.status === 'success'
    ? { type: 'ended' }
    : { type: 'failed', fault: faultOf(result.error?.message ?? `it ended with ${result.status}`) },
];

const READERS: Readonly<Record<string, (line: unknown) => readonly Remark[]>> = {
  message: readWith(Message, ({ content, delta }) => [{ type: 'said', text: content, more: delta === true }]),
  tool_use: readWith(ToolUse, ({ tool_name: name, parameters }) => [
    { type: 'did', what: describeTool(name, parameters) },
  ]),
  error: readWith(z.object({ message: z.string() }), ({ message }) => [{ type: 'did', what: `noted: ${message}` }]),
  result: readWith(Result, readResult),
};

/** Gemini CLI 0.61: `gemini -p`; the prompt is what comes on standard input. */
export const gemini: Adapter = {
  args: ({ works }) => ['--skip-trust', '--approval-mode', works ? 'yolo' : 'plan', '-o', 'stream-json', '-p', ''],
  quiet: () => ({ GEMINI_TELEMETRY_ENABLED: 'false' }),
  stopsAtBudget: false,
  read: (line) => READERS[String(line.type)]?.(line) ?? [],
};
