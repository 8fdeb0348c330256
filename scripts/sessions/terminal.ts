import { spawn } from 'node:child_process';
import { once } from 'node:events';
import xterm from '@xterm/headless';

const COLUMNS = 120;
/** More than any session prints: nothing scrolls away, and prompts draw over themselves as on a screen. */
const ROWS = 400;
/** A cue that does not come by then does not come. */
const PATIENCE_MS = 240_000;

/** A command at a terminal of its own. */
export interface Running {
  /** Waits until the screen shows this. @throws {Error} with the screen, when it does not come */
  readonly sees: (cue: RegExp) => Promise<void>;
  /** Presses keys; `\r` is Enter, `\x03` Ctrl-C. */
  readonly press: (keys: string) => void;
  /** Resolves with the exit code. */
  readonly ends: () => Promise<number>;
  /** The screen from the first line on that is another one than when this was asked last: a prompt is drawn anew. */
  readonly news: () => string;
}

export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const screenOf = (terminal: xterm.Terminal): readonly string[] => {
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row += 1) {
    const line = active.getLine(row);
    const text = line?.translateToString(true) ?? '';
    if (line?.isWrapped && lines.length > 0) lines.push(`${lines.pop()}${text}`);
    else lines.push(text);
  }
  return lines.slice(0, lines.findLastIndex((text) => text !== '') + 1);
};

/** `script` of util-linux gives the command a terminal: prompts, colours and Ctrl-C are those that a person has. */
export const startAt = (command: string, { cwd, env }: Place): Running => {
  const inside = `stty cols ${COLUMNS} rows 50 -echo; ${command}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', inside, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm', SHELL: '/bin/bash' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  let shown: readonly string[] = [];
  let wake = (): void => {};
  child.stdout.on('data', (bytes: Buffer) => terminal.write(bytes, () => wake()));
  const ended = once(child, 'exit').then(([code]) => Number(code));
  const text = (): string => screenOf(terminal).join('\n');

  const sees = async (cue: RegExp): Promise<void> => {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    deadline.addEventListener('abort', () => wake());
    while (!cue.test(text())) {
      if (deadline.aborted) throw new Error(`"${command}" did not show ${cue}:\n${text()}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    sees,
    press: (keys) => void child.stdin.write(keys),
    ends: async () => {
      const code = await ended;
      await new Promise<void>((resolve) => terminal.write('', resolve)); // what is still on its way to the screen
      child.stdin.destroy();
      return code;
    },
    news: () => {
      const lines = screenOf(terminal);
      const from = lines.findIndex((line, row) => line !== shown[row]);
      shown = lines;
      return from < 0 ? '' : lines.slice(from).join('\n');
    },
  };
};
