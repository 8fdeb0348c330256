import type { ModelMessage } from 'ai';

/** The newest messages are what the model is at. */
const KEPT = 8;
const LEFT_OUT = '[left out to save space; ask again where it is needed]';
/** Shorter results are not worth a broken cache. */
const WORTH_CHARACTERS = 500;

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;

const shortened = (message: ToolMessage): ToolMessage => ({
  ...message,
  content: message.content.map((part) =>
    part.type === 'tool-result' && JSON.stringify(part.output).length > WORTH_CHARACTERS
      ? { ...part, output: { type: 'text', value: LEFT_OUT } }
      : part,
  ),
});

/**
 * Leaves out what tools said long ago, once the last call was given more than it should be. All of it at once, so that the
 * cache of the provider holds again for many calls after. @returns nothing where all may stay
 */
export const leaveOutOld = (
  messages: readonly ModelMessage[],
  lastInput: number,
  most: number,
): { messages: ModelMessage[] } | undefined => {
  if (lastInput <= most) return undefined;
  const recent = messages.length - KEPT;
  return {
    messages: messages.map((message, index) =>
      message.role === 'tool' && index < recent ? shortened(message) : message,
    ),
  };
};
