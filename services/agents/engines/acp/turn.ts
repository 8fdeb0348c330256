import type { ToolCall, Update } from './replies.ts';

/** Of one progress line; what is longer is cut. */
const MOST_PROGRESS = 1_000;
/** Of what is said between two tool calls; of more, the end. A plan of 500 steps is far below it. */
const MOST_TEXT = 4 * 1024 * 1024;

/** One prompt, from being put to its answer. */
export interface Turn {
  readonly hear: (update: Update) => void;
  /** Adds what an update or a question says of a tool call. @returns all that is known of it */
  readonly toolCall: (call: ToolCall) => ToolCall;
  /** What was said last, after the last tool call. */
  readonly text: () => string;
}

const present = (call: ToolCall): Partial<ToolCall> =>
  Object.fromEntries(Object.entries(call).filter(([, value]) => value !== null && value !== undefined));

export const createTurn = (progress: (message: string) => void): Turn => {
  const calls = new Map<string, ToolCall>();
  let said: string[] = [''];
  let line = '';
  const say = (message: string): void => {
    if (message.trim() !== '') progress(message.trim().slice(0, MOST_PROGRESS));
  };
  /** Whole lines are worth showing; a word at a time is not. */
  const hearText = (text: string): void => {
    const last = said.length - 1;
    said[last] = `${said[last] ?? ''}${text}`.slice(-MOST_TEXT);
    const lines = `${line}${text}`.split('\n');
    line = (lines.pop() ?? '').slice(-MOST_PROGRESS);
    const whole = lines.findLast((one) => one.trim() !== '');
    if (whole !== undefined) say(whole);
  };
  const endText = (): void => {
    say(line);
    line = '';
    if (said.at(-1)?.trim() !== '') said = [...said.slice(-1), ''];
  };
  const toolCall = (call: ToolCall): ToolCall => {
    const before = calls.get(call.toolCallId);
    const known: ToolCall = { ...before, ...present(call), toolCallId: call.toolCallId };
    calls.set(call.toolCallId, known);
    if (!before) endText();
    if (!before?.title && known.title) say(known.title);
    if (call.status === 'failed' && before?.status !== 'failed') say(`failed: ${known.title ?? known.toolCallId}`);
    return known;
  };
  return {
    toolCall,
    hear: (update) => {
      switch (update.sessionUpdate) {
        case 'agent_message_chunk':
          if (update.content?.type === 'text') hearText(update.content.text ?? '');
          break;
        case 'tool_call':
        case 'tool_call_update':
          toolCall(update);
          break;
        case 'plan': {
          const done = update.entries.filter(({ status }) => status === 'completed').length;
          const now = update.entries.find(({ status }) => status === 'in_progress')?.content;
          say(`${done} of ${update.entries.length} done${now ? `: ${now}` : ''}`);
          break;
        }
        case 'usage_update':
      }
    },
    text: () => said.findLast((text) => text.trim() !== '') ?? '',
  };
};
