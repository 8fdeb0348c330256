import { contentText, fields, inPieces, list, text } from '../json.ts';
import type { Message, Protocol, Reply } from '../request.ts';
import { openAiError, openAiQuota } from './openai-errors.ts';

// https://platform.openai.com/docs/api-reference/responses

const CALLS = new Set(['function_call', 'custom_tool_call', 'local_shell_call']);
const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  assistant: 'assistant',
};

const itemOf = (value: unknown): Message => {
  const { type, role, content, output } = fields(value);
  if (CALLS.has(text(type))) return { role: 'assistant', text: '', calls: 1 };
  if (text(type).endsWith('_output')) return { role: 'tool', text: contentText(output), calls: 0 };
  if (type !== undefined && type !== 'message') return { role: 'assistant', text: '', calls: 0 };
  return { role: ROLES[text(role)] ?? 'user', text: contentText(content), calls: 0 };
};

const inputOf = (input: unknown): readonly Message[] =>
  typeof input === 'string' ? [{ role: 'user', text: input, calls: 0 }] : list(input).map(itemOf);

const usageOf = ({ tokens }: Reply) => {
  const input = tokens.uncached + tokens.cached + tokens.written;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: tokens.cached },
    output_tokens: tokens.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + tokens.output,
  };
};

const spokenItem = (reply: Reply) => ({
  id: `msg_${reply.id}`,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [
    reply.ended === 'refused'
      ? { type: 'refusal', refusal: reply.text }
      : { type: 'output_text', text: reply.text, annotations: [], logprobs: [] },
  ],
});

const callItem = ({ id, name, input }: Reply['calls'][number]) => ({
  id: `fc_${id}`,
  type: 'function_call',
  status: 'completed',
  call_id: `call_${id}`,
  name,
  arguments: JSON.stringify(input),
});

const itemsOf = (reply: Reply) => [
  ...(reply.text === '' && reply.calls.length > 0 ? [] : [spokenItem(reply)]),
  ...reply.calls.map(callItem),
];

type Item = ReturnType<typeof itemsOf>[number];

const responseOf = (reply: Reply, rest: object) => ({
  id: `resp_${reply.id}`,
  object: 'response',
  created_at: 1_767_225_600, // any time
  model: reply.model,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  ...rest,
});

const ended = (reply: Reply) =>
  responseOf(reply, {
    status: reply.ended === 'cut' ? 'incomplete' : 'completed',
    incomplete_details: reply.ended === 'cut' ? { reason: 'max_output_tokens' } : null,
    output: itemsOf(reply),
    usage: usageOf(reply),
  });

const spokenEvents = (item: ReturnType<typeof spokenItem>, output_index: number): readonly object[] => {
  const [part = {}] = item.content;
  const at = { item_id: item.id, output_index, content_index: 0 };
  const field = 'refusal' in part ? 'refusal' : 'text';
  const kind = field === 'refusal' ? 'response.refusal' : 'response.output_text';
  const whole = text(fields(part)[field]);
  const logprobs = field === 'text' && { logprobs: [] };
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, [field]: '' } },
    ...inPieces(whole).map((delta) => ({ type: `${kind}.delta`, ...at, delta, ...logprobs })),
    { type: `${kind}.done`, ...at, [field]: whole, ...logprobs },
    { type: 'response.content_part.done', ...at, part },
  ];
};

const callEvents = (item: ReturnType<typeof callItem>, output_index: number): readonly object[] => {
  const at = { item_id: item.id, output_index };
  return [
    ...inPieces(item.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
    { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: item.arguments },
  ];
};

const begun = (item: Item): object => ({
  ...item,
  status: 'in_progress',
  ...('content' in item ? { content: [] } : { arguments: '' }),
});

const itemEvents = (item: Item, output_index: number): readonly object[] => [
  { type: 'response.output_item.added', output_index, item: begun(item) },
  ...('content' in item ? spokenEvents(item, output_index) : callEvents(item, output_index)),
  { type: 'response.output_item.done', output_index, item },
];

const formatOf = (value: unknown): unknown => fields(fields(value).format).schema ?? null;

export const responses: Protocol = {
  parse(body) {
    const { model, stream, instructions, input, tools, text: wanted } = fields(body);
    return {
      protocol: 'responses',
      model: text(model),
      stream: stream === true,
      wantsUsage: true,
      messages: [{ role: 'system', text: text(instructions), calls: 0 }, ...inputOf(input)],
      tools: list(tools).map((tool) => {
        const { name, type, description, parameters } = fields(tool);
        return { name: text(name) || text(type), description: text(description), schema: parameters ?? null };
      }),
      format: formatOf(wanted),
    };
  },
  whole: ended,
  pieces(reply) {
    const start = responseOf(reply, { status: 'in_progress', output: [], usage: null });
    const last = ended(reply);
    const events: readonly object[] = [
      { type: 'response.created', response: start },
      { type: 'response.in_progress', response: start },
      ...itemsOf(reply).flatMap(itemEvents),
      { type: reply.ended === 'cut' ? 'response.incomplete' : 'response.completed', response: last },
    ];
    return events.map((event, sequence_number) => ({
      event: text(fields(event).type),
      data: JSON.stringify({ ...event, sequence_number }),
    }));
  },
  error: openAiError,
  quota: openAiQuota,
};
