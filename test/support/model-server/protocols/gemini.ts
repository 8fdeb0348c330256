import { contentText, fields, inPieces, list, text } from '../json.ts';
import type { Message, Piece, Protocol, Reply } from '../request.ts';

// https://ai.google.dev/api/generate-content

const messageOf = (value: unknown): Message => {
  const { role, parts } = fields(value);
  const all = list(parts).map(fields);
  const calls = all.filter(({ functionCall }) => functionCall !== undefined).length;
  if (role === 'model') return { role: 'assistant', text: contentText(parts), calls };
  const isResult = all.some(({ functionResponse }) => functionResponse !== undefined);
  return { role: isResult ? 'tool' : 'user', text: contentText(parts), calls: 0 };
};

const STOPS = { said: 'STOP', calls: 'STOP', cut: 'MAX_TOKENS', refused: 'SAFETY' } as const;

const usageOf = ({ tokens }: Reply) => {
  const input = tokens.uncached + tokens.cached + tokens.written;
  return {
    promptTokenCount: input,
    cachedContentTokenCount: tokens.cached,
    candidatesTokenCount: tokens.output,
    totalTokenCount: input + tokens.output,
  };
};

const partsOf = ({ calls, ended }: Reply, said: readonly string[]): readonly object[] => [
  ...(ended === 'refused' ? [] : said.map((part) => ({ text: part }))),
  ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } })),
];

const answerOf = (reply: Reply, parts: readonly object[], isLast: boolean) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(isLast && { finishReason: STOPS[reply.ended] }) }],
  modelVersion: reply.model,
  responseId: reply.id,
  ...(isLast && { usageMetadata: usageOf(reply) }),
});

const NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  529: 'UNAVAILABLE',
};

const errorOf = (code: number, message: string) => ({
  error: { code, message, status: NAMES[code] ?? 'UNKNOWN' },
});

export const gemini: Protocol = {
  parse(body, path) {
    const { contents, systemInstruction, tools, generationConfig: config } = fields(body);
    const declared = list(tools).flatMap((tool) => list(fields(tool).functionDeclarations));
    const system: Message = { role: 'system', text: contentText(fields(systemInstruction).parts), calls: 0 };
    return {
      protocol: 'gemini',
      model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
      stream: path.includes(':streamGenerateContent'),
      wantsUsage: true,
      messages: [system, ...list(contents).map(messageOf)],
      tools: declared.map((tool) => {
        const { name, description, parameters, parametersJsonSchema } = fields(tool);
        return { name: text(name), description: text(description), schema: parametersJsonSchema ?? parameters };
      }),
      format: fields(config).responseJsonSchema ?? fields(config).responseSchema ?? null,
    };
  },
  whole: (reply) => answerOf(reply, partsOf(reply, [reply.text]), true),
  pieces(reply): readonly Piece[] {
    const parts = partsOf(reply, inPieces(reply.text));
    const answers = [...parts.map((part) => answerOf(reply, [part], false)), answerOf(reply, [{ text: '' }], true)];
    return answers.map((answer) => ({ data: JSON.stringify(answer) }));
  },
  error: (status) => errorOf(status, `scripted error ${status}`),
  quota: {
    status: 429,
    body: errorOf(429, 'You exceeded your current quota, please check your plan and billing details.'),
  },
};
