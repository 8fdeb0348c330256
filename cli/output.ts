import type { Call } from './command.ts';
import type { Io, Output } from './io.ts';
import { createStyle, type Style, wantsColour } from './render/style.ts';

export const writeLines = (output: Output, lines: readonly string[]): void => {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
};

export const styleFor = (output: Output, { env }: Pick<Io, 'env'>): Style => createStyle(wantsColour(output, env));

/** The one document of a command: itself with `--json`, else as a person reads it. */
export const show = <T>(
  { io, json }: Call,
  document: T,
  render: (document: T, style: Style) => readonly string[],
): void => writeLines(io.stdout, json ? [JSON.stringify(document)] : render(document, styleFor(io.stdout, io)));
