import type { Tokens } from './scenario.ts';

/** A tool that the client offers. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input; `null` for a tool that takes plain text. */
  readonly schema: unknown;
}

/** One message of the conversation, in the words of no protocol. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly text: string;
  /** How many tools the model called in it. */
  readonly calls: number;
}

export type ProtocolName = 'anthropic' | 'chat' | 'responses' | 'gemini';

/** A request in the words of no protocol. */
export interface ModelRequest {
  readonly protocol: ProtocolName;
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly Message[];
  readonly tools: readonly OfferedTool[];
  /** JSON Schema that the answer as a whole has to match, or `null`. */
  readonly format: unknown;
  /** The client wants usage numbers at the end of a stream. */
  readonly wantsUsage: boolean;
}

export interface ReplyCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An answer in the words of no protocol. */
export interface Reply {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly calls: readonly ReplyCall[];
  readonly ended: 'said' | 'calls' | 'cut' | 'refused';
  readonly tokens: Tokens;
}

export interface Piece {
  /** Name of the server-sent event, where the protocol has names. */
  readonly event?: string;
  readonly data: string;
}

/** How one provider talks. Errors are what its servers answer at that status. */
export interface Protocol {
  readonly parse: (body: unknown, path: string) => ModelRequest;
  readonly whole: (reply: Reply) => unknown;
  readonly pieces: (reply: Reply, request: ModelRequest) => readonly Piece[];
  readonly error: (status: number) => unknown;
  readonly quota: { readonly status: number; readonly body: unknown };
}

const isReminder = (text: string): boolean =>
  text.replaceAll(/<(system-reminder|environment_context|user_instructions)>[\s\S]*?<\/\1>/g, '').trim() === '';

/** Where the message of a person stands that is being answered; 0 without one. Clients add messages of their own. */
const lastAsked = (messages: readonly Message[]): number =>
  Math.max(
    0,
    messages.findLastIndex(({ role, text }) => role === 'user' && !isReminder(text)),
  );

export const askedText = ({ messages }: ModelRequest): string => messages[lastAsked(messages)]?.text ?? '';

/** How many tools were called since a person last said something: nothing else needs to be remembered. */
export const callsSoFar = ({ messages }: ModelRequest): number =>
  messages.slice(lastAsked(messages)).reduce((sum, { calls }) => sum + calls, 0);

export const systemText = ({ messages }: ModelRequest): string =>
  messages
    .filter(({ role }) => role === 'system')
    .map(({ text }) => text)
    .join('\n');
