import type { LanguageModelMiddleware } from 'ai';
import { BrokenStream } from './faults.ts';
import type { LanguageModel } from './provider.ts';

export type Answer = Awaited<ReturnType<NonNullable<LanguageModelMiddleware['wrapGenerate']>>>;
type Part = Awaited<ReturnType<LanguageModel['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never;
type Content = Answer['content'][number];
type Finish = Extract<Part, { type: 'finish' }>;

export interface Listener {
  readonly onText: (delta: string) => void;
  /** Characters that came, of text, thoughts and input of tools: what is known of a call that breaks off. */
  readonly onCharacters: (count: number) => void;
}

type Block = Extract<Content, { type: 'text' | 'reasoning' }>;

/** Parts of a block: their names begin with its type. Several blocks may be open at once. */
type BlockPart = Extract<Part, { type: `${Block['type']}-${'start' | 'delta' | 'end'}` }>;

const isBlockPart = (part: Part): part is BlockPart => /^(?:text|reasoning)-/.test(part.type);

const createBlocks = (content: Content[]) => {
  const open = new Map<string, Block>();
  return (part: BlockPart): void => {
    const type = part.type.startsWith('text') ? 'text' : 'reasoning';
    const key = `${type} ${part.id}`;
    const block: Block = open.get(key) ?? { type, text: '' };
    // In the order in which they began.
    if (!open.has(key)) content.push(block);
    open.set(key, block);
    if ('delta' in part) block.text += part.delta;
    // The last counts: a signature comes at the end of a thought.
    if (part.providerMetadata) block.providerMetadata = part.providerMetadata;
  };
};

/** What the parts of a stream that are no content say of the whole. */
const createFrame = () => {
  let metadata: Partial<NonNullable<Answer['response']>> = {};
  let finish: Finish | null = null;
  return {
    take: (part: Part): void => {
      if (part.type === 'finish') finish = part;
      if (part.type !== 'response-metadata') return;
      const { type: _type, ...more } = part;
      metadata = { ...metadata, ...more };
    },
    read: () => ({ metadata, finish }),
  };
};

const CONTENT = new Set<string>([
  'tool-call',
  'tool-result',
  'tool-approval-request',
  'file',
  'source',
  'reasoning-file',
]);

const isContent = (part: Part): part is Extract<Part, Content> => CONTENT.has(part.type);

/**
 * Reads a stream to its end. @returns the same as a call that does not stream
 * @throws whatever the stream names as its error; {BrokenStream} it ended without saying that it is complete
 */
export const wholeAnswer = async (
  { stream, request, response }: Awaited<ReturnType<LanguageModel['doStream']>>,
  { onText, onCharacters }: Listener,
): Promise<Answer> => {
  const content: Content[] = [];
  const takeBlock = createBlocks(content);
  const frame = createFrame();
  const take = (part: Part): void => {
    if (isBlockPart(part)) takeBlock(part);
    else if (isContent(part)) content.push(part);
    else frame.take(part);
  };
  for await (const part of stream) {
    if (part.type === 'error') throw part.error;
    if ('delta' in part) onCharacters(part.delta.length);
    if (part.type === 'text-delta') onText(part.delta);
    take(part);
  }
  const { metadata, finish } = frame.read();
  // Warnings are left out: the SDK would print them, and they say nothing that a user could change.
  return complete(finish, {
    content,
    warnings: [],
    ...(request && { request }),
    response: { ...metadata, ...response },
  });
};

const complete = (finish: Finish | null, answer: Omit<Answer, 'finishReason' | 'usage'>): Answer => {
  if (finish === null || finish.finishReason.unified === 'interrupted')
    throw new BrokenStream('the stream of the answer ended before the answer did');
  if (finish.finishReason.unified === 'error') throw new BrokenStream('the model ended its answer with an error');
  const { usage, finishReason, providerMetadata } = finish;
  return { ...answer, usage, finishReason, ...(providerMetadata && { providerMetadata }) };
};
