import * as z from 'zod';

/**
 * What we read of the messages of an agent, and nothing more: another version of an agent may say more than the protocol
 * knows, and less than it promises.
 */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);
const meta = optional(z.record(z.string(), z.unknown()));
const count = optional(z.number().nonnegative());

export const Initialized = z.object({
  protocolVersion: z.unknown(),
  agentCapabilities: optional(
    z.object({
      loadSession: optional(z.boolean()),
      sessionCapabilities: optional(
        z.object({ resume: optional(z.looseObject({})), close: optional(z.looseObject({})) }),
      ),
    }),
  ),
  authMethods: optional(z.array(z.object({ name: z.string() }))),
});
export type Initialized = z.infer<typeof Initialized>;

const ConfigOption = z.object({
  id: z.string(),
  category: optional(z.string()),
  currentValue: optional(z.string()),
  options: optional(z.array(z.object({ value: optional(z.string()) }))),
});

export const Opened = z.object({
  sessionId: optional(z.string().min(1)),
  modes: optional(z.object({ availableModes: z.array(z.object({ id: z.string() })) })),
  configOptions: optional(z.array(ConfigOption)),
});
export type Opened = z.infer<typeof Opened>;

export const Tokens = z.object({
  totalTokens: count,
  inputTokens: count,
  outputTokens: count,
  thoughtTokens: count,
  cachedReadTokens: count,
  cachedWriteTokens: count,
});
export type Tokens = z.infer<typeof Tokens>;

export const Answered = z.object({ stopReason: z.string(), usage: optional(Tokens), _meta: meta });
export type Answered = z.infer<typeof Answered>;

/** Of a tool call whatever is known by now: some agents begin with an update of one that they never announced. */
export const ToolCall = z.object({
  toolCallId: z.string(),
  title: optional(z.string()),
  kind: optional(z.string()),
  status: optional(z.string()),
  rawInput: z.unknown().optional(),
  locations: optional(z.array(z.object({ path: z.string() }))),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const PermissionAsked = z.object({
  sessionId: z.string(),
  toolCall: ToolCall,
  options: z.array(z.object({ optionId: z.string(), kind: z.string() })),
});
export type PermissionAsked = z.infer<typeof PermissionAsked>;

const Chunk = { content: optional(z.object({ type: z.string(), text: optional(z.string()) })), _meta: meta };

/** The kinds of update that mean something to us. */
export const Update = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), messageId: optional(z.string()), ...Chunk }),
  ToolCall.extend({ sessionUpdate: z.literal('tool_call') }),
  ToolCall.extend({ sessionUpdate: z.literal('tool_call_update') }),
  z.object({
    sessionUpdate: z.literal('plan'),
    entries: z.array(z.object({ content: z.string(), status: optional(z.string()) })),
  }),
  z.object({
    sessionUpdate: z.literal('usage_update'),
    cost: optional(z.object({ amount: z.number().nonnegative(), currency: z.string() })),
  }),
]);
export type Update = z.infer<typeof Update>;

/** An update of a session. `update` is `null` where it is of no kind that we read. */
export const Notified = z.object({ sessionId: optional(z.string()), update: Update.nullable().catch(null) });
export type Notified = z.infer<typeof Notified>;
