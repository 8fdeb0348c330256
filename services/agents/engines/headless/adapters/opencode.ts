import * as z from 'zod';
import type { Adapter, AgentCall, Remark } from '../adapter.ts';
import { describeTool, readWith, Tokens } from '../read-fields.ts';

const Text = z.object({ part: z.object({ text: z.string() }) });
const ToolUse = z.object({
  part: z.object({ tool: z.string(), state: z.object({ input: z.unknown() }).nullish() }),
});
const StepFinish = z.object({
  part: z.object({
    tokens: z.object({
      input: Tokens,
      output: Tokens,
      reasoning: Tokens,
      cache: z.object({ read: Tokens, write: Tokens }),
    }),
    cost: z.number().nonnegative().nullish(),
  }),
});
const Failure = z.object({
  error: z.object({
    name: z.string().catch('error'),
    data: z.object({ message: z.string().nullish(), statusCode: z.number().nullish() }).nullish(),
  }),
});

/** Each step says what it alone used; input leaves out the cache. A cost of 0 is one that is not known. */
const readStep = ({ part: { tokens, cost } }: z.infer<typeof StepFinish>): readonly Remark[] => [
  {
    type: 'used',
    usage: {
      provider: null,
      model: null,
      input_tokens: tokens.input + tokens.cache.read + tokens.cache.write,
      cached_tokens: tokens.cache.read,
      cache_write_tokens: tokens.cache.write,
      output_tokens: tokens.output + tokens.reasoning,
      cost_usd: cost || null,
    },
  },
];

const READERS: Readonly<Record<string, (line: unknown) => readonly Remark[]>> = {
  text: readWith(Text, ({ part }) => [{ type: 'said', text: part.text }]),
  tool_use: readWith(ToolUse, ({ part }) => [{ type: 'did', what: describeTool(part.tool, part.state?.input) }]),
  step_finish: readWith(StepFinish, readStep),
  error: readWith(Failure, ({ error: { name, data } }) => [
    { type: 'failed', fault: { error: data?.message ?? name, status: data?.statusCode ?? null } },
  ]),
};

/** Where nothing may be changed it is refused; where it may, nobody is there to be asked. */
const permissions = ({ works }: AgentCall): string => {
  const edit = works ? 'allow' : 'deny';
  return JSON.stringify({ edit, bash: works ? 'allow' : 'deny', webfetch: 'allow', external_directory: 'deny' });
};

/** opencode 1.18: `opencode run`; the prompt is what comes on standard input. */
export const opencode: Adapter = {
  args: () => ['run', '--format', 'json'],
  quiet: (call) => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_PERMISSION: permissions(call),
  }),
  stopsAtBudget: false,
  read: (line) => READERS[String(line.type)]?.(line) ?? [],
};
