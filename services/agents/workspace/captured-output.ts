import { stripVTControlCharacters } from 'node:util';

/** The start says what ran, the end says why it failed: of a long output both are kept, and more of the end. */
const HEAD_BYTES = 16 * 1024;
const TAIL_BYTES = 48 * 1024;

/** Keeps the start and the end of what a command prints; memory stays below three times that, however much it is. */
export interface CapturedOutput {
  readonly add: (chunk: Buffer) => void;
  readonly text: () => string;
}

export const captureOutput = (headBytes = HEAD_BYTES, tailBytes = TAIL_BYTES): CapturedOutput => {
  let head = Buffer.alloc(0);
  let tail: Buffer[] = [];
  let tailLength = 0;
  let dropped = 0;

  const addToTail = (chunk: Buffer) => {
    tail.push(chunk);
    tailLength += chunk.length;
    if (tailLength <= 2 * tailBytes) return;
    const all = Buffer.concat(tail);
    dropped += all.length - tailBytes;
    tail = [Buffer.from(all.subarray(all.length - tailBytes))];
    tailLength = tailBytes;
  };

  return {
    add: (chunk) => {
      const room = headBytes - head.length;
      if (room > 0) head = Buffer.concat([head, chunk.subarray(0, room)]);
      if (chunk.length > room) addToTail(chunk.subarray(Math.max(room, 0)));
    },
    text: () => {
      const end = Buffer.concat(tail);
      const extra = Math.max(0, end.length - tailBytes);
      const total = dropped + extra;
      const start = clean(head);
      if (total === 0) return clean(Buffer.concat([head, end]));
      // Whole lines only: half a secret is not recognised, so it would not be taken out.
      return `${upToLastLine(start)}\n[… ${total} bytes left out …]\n${fromFirstLine(clean(end.subarray(extra)))}`;
    },
  };
};

const clean = (bytes: Buffer) => stripVTControlCharacters(bytes.toString('utf8')).replaceAll('\0', '');

const MAX_CUT_LINE = 4_096;

const upToLastLine = (text: string) => {
  const at = text.lastIndexOf('\n');
  return at < 0 || text.length - at > MAX_CUT_LINE ? text : text.slice(0, at);
};

const fromFirstLine = (text: string) => {
  const at = text.indexOf('\n');
  return at < 0 || at > MAX_CUT_LINE ? text : text.slice(at + 1);
};
