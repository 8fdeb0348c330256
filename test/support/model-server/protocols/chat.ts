import { contentText, fields, inPieces, list, text } from '../json.ts';
import type { Message, Piece, Protocol, Reply } from '../request.ts';
import { openAiError, openAiQuota } from './openai-errors.ts';

// https://platform.openai.com/docs/api-reference/chat

const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  assistant: 'assistant',
  tool: 'tool',
};

const messageOf = (value: unknown): Message => {
  const { role, content, tool_calls: calls } = fields(value);
  return { role: ROLES[text(role)] ?? 'user', text: contentText(content), calls: list(calls).length };
};

const STOPS = { said: 'stop', calls: 'tool_calls', cut: 'length', refused: 'stop' } as const;

const usageOf = ({ tokens }: Reply) => {
  const input = tokens.uncached + tokens.cached + tokens.written;
  return {
    prompt_tokens: input,
    completion_tokens: tokens.output,
    total_tokens: input + tokens.output,
    prompt_tokens_details: { cached_tokens: tokens.cached },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
};

const callsOf = ({ calls }: Reply) =>
  calls.map(({ id, name, input }) => ({
    id: `call_${id}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));

const CREATED = 1_767_225_600; // any time

const head = ({ id, model }: Reply, object: string) => ({ id: `chatcmpl-${id}`, object, created: CREATED, model });

/** The changes that make up the message, in order. */
const deltasOf = (reply: Reply): readonly object[] => {
  if (reply.ended === 'refused') return inPieces(reply.text).map((refusal) => ({ refusal }));
  const calls = callsOf(reply).flatMap((call, index) => [
    { tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] },
    ...inPieces(call.function.arguments).map((part) => ({ tool_calls: [{ index, function: { arguments: part } }] })),
  ]);
  return [...inPieces(reply.text).map((content) => ({ content })), ...calls];
};

const DONE: Piece = { data: '[DONE]' };

export const chat: Protocol = {
  parse(body) {
    const { model, stream, messages, tools, response_format: format, stream_options: options } = fields(body);
    return {
      protocol: 'chat',
      model: text(model),
      stream: stream === true,
      wantsUsage: fields(options).include_usage === true,
      messages: list(messages).map(messageOf),
      tools: list(tools).map((tool) => {
        const { name, description, parameters } = fields(fields(tool).function);
        return { name: text(name), description: text(description), schema: parameters };
      }),
      format: fields(fields(format).json_schema).schema ?? null,
    };
  },
  whole(reply) {
    const calls = callsOf(reply);
    const said = reply.ended === 'refused' ? { content: null, refusal: reply.text } : { content: reply.text };
    const message = { role: 'assistant', ...said, ...(calls.length > 0 && { tool_calls: calls }) };
    return {
      ...head(reply, 'chat.completion'),
      choices: [{ index: 0, message, finish_reason: STOPS[reply.ended] }],
      usage: usageOf(reply),
    };
  },
  pieces(reply, { wantsUsage }) {
    const chunk = (rest: object): Piece => ({
      data: JSON.stringify({ ...head(reply, 'chat.completion.chunk'), ...rest }),
    });
    const choice = (delta: object, reason: string | null = null): Piece =>
      chunk({ choices: [{ index: 0, delta, finish_reason: reason }] });
    return [
      choice({ role: 'assistant', content: '' }),
      ...deltasOf(reply).map((delta) => choice(delta)),
      choice({}, STOPS[reply.ended]),
      ...(wantsUsage ? [chunk({ choices: [], usage: usageOf(reply) })] : []),
      DONE,
    ];
  },
  error: openAiError,
  quota: openAiQuota,
};
