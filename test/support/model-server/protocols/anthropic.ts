import { contentText, fields, inPieces, list, text } from '../json.ts';
import type { Message, Piece, Protocol, Reply } from '../request.ts';

// https://docs.anthropic.com/en/api/messages

const isOf = (type: string) => (block: unknown) => fields(block).type === type;

const messageOf = (value: unknown): Message => {
  const { role, content } = fields(value);
  const blocks = list(content);
  if (role === 'assistant') {
    return { role: 'assistant', text: contentText(content), calls: blocks.filter(isOf('tool_use')).length };
  }
  const results = blocks.filter(isOf('tool_result'));
  return { role: results.length > 0 ? 'tool' : 'user', text: contentText(content), calls: 0 };
};

const STOPS = { said: 'end_turn', calls: 'tool_use', cut: 'max_tokens', refused: 'refusal' } as const;

const usageOf = ({ tokens }: Reply) => ({
  input_tokens: tokens.uncached,
  cache_read_input_tokens: tokens.cached,
  cache_creation_input_tokens: tokens.written,
  output_tokens: tokens.output,
});

const blocksOf = ({ text: said, calls }: Reply) => [
  ...(said === '' && calls.length > 0 ? [] : [{ type: 'text', text: said }]),
  ...calls.map(({ id, name, input }) => ({ type: 'tool_use', id: `toolu_${id}`, name, input })),
];

const messageHead = ({ id, model }: Reply) => ({ id: `msg_${id}`, type: 'message', role: 'assistant', model });

const piece = (type: string, rest: object): Piece => ({ event: type, data: JSON.stringify({ type, ...rest }) });

type Block = ReturnType<typeof blocksOf>[number];

const blockPieces = (block: Block, index: number): readonly Piece[] => {
  const isText = 'text' in block;
  const start = isText ? { ...block, text: '' } : { ...block, input: {} };
  const deltas = isText
    ? inPieces(block.text).map((part) => ({ type: 'text_delta', text: part }))
    : inPieces(JSON.stringify(block.input)).map((part) => ({ type: 'input_json_delta', partial_json: part }));
  return [
    piece('content_block_start', { index, content_block: start }),
    ...deltas.map((delta) => piece('content_block_delta', { index, delta })),
    piece('content_block_stop', { index }),
  ];
};

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

const errorOf = (type: string, message: string) => ({
  type: 'error',
  error: { type, message },
  request_id: 'req_scripted',
});

const MESSAGES: Readonly<Record<number, string>> = {
  401: 'invalid x-api-key',
  429: 'This request would exceed your rate limit. Please try again later.',
  500: 'Internal server error',
  529: 'Overloaded',
};

export const anthropic: Protocol = {
  parse(body) {
    const { model, stream, system, messages, tools, output_config: output, output_format: older } = fields(body);
    const format = fields(fields(output).format ?? older);
    return {
      protocol: 'anthropic',
      model: text(model),
      stream: stream === true,
      wantsUsage: true,
      messages: [{ role: 'system', text: contentText(system), calls: 0 }, ...list(messages).map(messageOf)],
      tools: list(tools).map((tool) => {
        const { name, description, input_schema: schema } = fields(tool);
        return { name: text(name), description: text(description), schema };
      }),
      format: format.schema ?? null,
    };
  },
  whole: (reply) => ({
    ...messageHead(reply),
    content: blocksOf(reply),
    stop_reason: STOPS[reply.ended],
    stop_sequence: null,
    usage: usageOf(reply),
  }),
  pieces(reply) {
    const usage = usageOf(reply);
    const message = { ...messageHead(reply), content: [], stop_reason: null, stop_sequence: null };
    return [
      piece('message_start', { message: { ...message, usage: { ...usage, output_tokens: 1 } } }),
      piece('ping', {}),
      ...blocksOf(reply).flatMap(blockPieces),
      piece('message_delta', { delta: { stop_reason: STOPS[reply.ended], stop_sequence: null }, usage }),
      piece('message_stop', {}),
    ];
  },
  error: (status) => errorOf(TYPES[status] ?? 'api_error', MESSAGES[status] ?? `scripted error ${status}`),
  quota: {
    status: 400,
    body: errorOf(
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    ),
  },
};

/** The answer of `messages/count_tokens`. */
export const countTokens = (body: unknown) => ({ input_tokens: Math.ceil(JSON.stringify(body).length / 4) });
