import * as z from 'zod';
import type { Usage } from '#contracts';
import type { Adapter, AgentFault, Remark } from '../adapter.ts';
import { readWith, Tokens } from '../read-fields.ts';
import { assistantWith, Denials, denialsIn, saidIn } from './stream-json.ts';

const Counted = z.object({ input_tokens: Tokens, output_tokens: Tokens, cache_read_input_tokens: Tokens.default(0) });

const Assistant = assistantWith(Counted);

const Result = z.object({
  subtype: z.string().catch(''),
  is_error: z.boolean().catch(false),
  result: z.string().nullish(),
  error: z.object({ message: z.string() }).nullish(),
  usage: Counted.nullish(),
  permission_denials: Denials,
});

/** Input includes what was read from a cache, unlike with the agent whose format this is; it says no cost. */
const usageOf = (model: string | null, counted: z.infer<typeof Counted>): Usage => ({
  provider: null,
  model,
  input_tokens: counted.input_tokens,
  cached_tokens: Math.min(counted.cache_read_input_tokens, counted.input_tokens),
  cache_write_tokens: 0,
  output_tokens: counted.output_tokens,
  cost_usd: null,
});

const readAssistant = ({ message, parent_tool_use_id: parent }: z.infer<typeof Assistant>): readonly Remark[] => {
  const said = saidIn(message.content, parent);
  const { id, model, usage } = message;
  return usage ? [...said, { type: 'using', message: id, usage: usageOf(model ?? null, usage) }] : said;
};

/** `[API Error: 401 Incorrect API key provided]` */
const faultOf = (message: string): AgentFault => {
  const [, status] = /API Error: (\d{3})\b/.exec(message) ?? [];
  return { error: message, status: status === undefined ? null : Number(status) };
};

const readResult = (result: z.infer<typeof Result>): readonly Remark[] => {
  const { usage } = result;
  const counts = usage && usage.input_tokens + usage.output_tokens > 0;
  const failed = result.is_error || result.subtype.startsWith('error');
  return [
    ...denialsIn(result.permission_denials),
    ...(counts ? [{ type: 'used' as const, usage: usageOf(null, usage) }] : []),
    failed
      ? { type: 'failed', fault: faultOf(result.error?.message ?? result.result ?? result.subtype) }
      : { type: 'ended', ...(result.result ? { text: result.result } : {}) },
  ];
};

const assistant = readWith(Assistant, readAssistant);
const result = readWith(Result, readResult);

/** Qwen Code 0.24: `qwen -p`; the prompt is what comes on standard input. */
export const qwen: Adapter = {
  args: ({ works }) => ['--approval-mode', works ? 'yolo' : 'plan', '-o', 'stream-json', '--chat-recording', 'false'],
  quiet: () => ({ QWEN_CODE_SUPPRESS_YOLO_WARNING: '1' }),
  stopsAtBudget: false,
  read: (line) => {
    if (line.type === 'assistant') return assistant(line);
    return line.type === 'result' ? result(line) : [];
  },
};
