import type { Output } from '../io.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const CLEAR = '\r\u001b[2K';

/** The last line of a terminal, which says what goes on right now. Does nothing where nobody looks. */
export interface StatusLine {
  set(text: string): void;
  /** Takes the line away while something else is written. */
  pause(): void;
}

const silent: StatusLine = { set: () => {}, pause: () => {} };

export const createStatusLine = (output: Output): StatusLine => {
  if (!output.isTTY) return silent;
  let text = '';
  let frame = 0;
  let timer: NodeJS.Timeout | null = null;
  const draw = () =>
    output.write(`${CLEAR}${FRAMES[frame++ % FRAMES.length]} ${text.split('\n', 1)[0]?.slice(0, 100)}`);
  return {
    set(next) {
      text = next;
      if (timer) return;
      timer = setInterval(draw, FRAME_MS);
      timer.unref();
      draw();
    },
    pause() {
      if (!timer) return;
      clearInterval(timer);
      timer = null;
      output.write(CLEAR);
    },
  };
};
