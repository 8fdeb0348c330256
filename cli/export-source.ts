import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidInput } from '#contracts';
import { type ExportedStream, parseExport } from '#events';
import type { Io } from './io.ts';

/** Something that exists is a file, and so is what can be no id. */
export const isFile = (text: string, { cwd }: Pick<Io, 'cwd'>): boolean =>
  existsSync(resolve(cwd, text)) || !text.startsWith('orch_');

/** @throws {InvalidInput} it cannot be read, or is no export; with every line that is wrong */
export const readExport = async (name: string, { cwd }: Pick<Io, 'cwd'>): Promise<ExportedStream> => {
  const file = resolve(cwd, name);
  const lines: string[] = [];
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) lines.push(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInput('no export', [`${name} is neither an id nor a file that can be read (${reason})`]);
  }
  const parsed = parseExport(lines);
  if (parsed.ok) return parsed;
  throw new InvalidInput(
    `${name} is not a whole export`,
    parsed.problems.map(({ line, problem }) => `line ${line} ${problem}`),
  );
};
