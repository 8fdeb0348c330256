import type { ScriptIo } from './script-io.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'magenta' | 'cyan' | 'bold';

const CODES: Readonly<Record<Colour, number>> = { bold: 1, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 };

/** Paints for a person; a pipe gets the plain words. */
export type Paint = (colour: Colour, text: string) => string;

export const paintFor =
  ({ terminal }: Pick<ScriptIo, 'terminal'>): Paint =>
  (colour, text) =>
    terminal ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;

/** Lines that a script says about what it does, each with its name in front. */
export interface Voice {
  /** On standard output. */
  readonly say: (text: string) => void;
  /** On standard error. */
  readonly warn: (text: string) => void;
  /** On standard error. @returns the exit code 1 */
  readonly fail: (...lines: readonly string[]) => number;
}

export const voiceOf = (name: string, io: Pick<ScriptIo, 'out' | 'err' | 'terminal'>): Voice => {
  const paint = paintFor(io);
  const line = (colour: Colour, text: string) => `${paint(colour, `[${name}]`)} ${text}\n`;
  return {
    say: (text) => io.out(line('green', text)),
    warn: (text) => io.err(line('yellow', text)),
    fail: (...lines) => {
      io.err(lines.map((text) => line('red', text)).join(''));
      return 1;
    },
  };
};

const RULE = '═'.repeat(55);

/** Headline of a report. */
export const banner = (title: string, paint: Paint): readonly string[] => [
  '',
  paint('cyan', RULE),
  paint('bold', `            ${title}`),
  paint('cyan', RULE),
  '',
];
