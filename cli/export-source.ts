import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidInput } from '#contracts';
import { type ExportedStream, parseExports } from '#events';
import type { Io } from './io.ts';

/** Something that exists is a file, and so is what can be no id. */
export const isFile = (text: string, { cwd }: Pick<Io, 'cwd'>): boolean =>
  existsSync(resolve(cwd, text)) || !text.startsWith('orch_');

/** The text of a file, in pieces. What goes wrong on the way ends the reading with its error. */
const openText = (file: string): AsyncIterable<string> => {
  const input = createReadStream(file);
  if (!file.endsWith('.gz')) return input.setEncoding('utf8');
  // The callback is there for the error to end the second stream, which is the one that is read.
  return pipeline(input, createGunzip(), () => {}).setEncoding('utf8');
};

/** The lines of an export file, packed or not. @throws {InvalidInput} it cannot be read */
export async function* linesOf(name: string, { cwd }: Pick<Io, 'cwd'>): AsyncGenerator<string, void> {
  let rest = '';
  try {
    for await (const text of openText(resolve(cwd, name))) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInput('no export', [`${name} is neither an id nor a file that can be read (${reason})`]);
  }
  if (rest !== '') yield rest;
}

/** The exports of a file, one held at a time. @throws {InvalidInput} with every line of one that is wrong */
export async function* readExports(name: string, io: Pick<Io, 'cwd'>): AsyncGenerator<ExportedStream, void> {
  for await (const parsed of parseExports(linesOf(name, io))) {
    if (parsed.ok) yield parsed;
    else
      throw new InvalidInput(
        `${name} is not a whole export`,
        parsed.problems.map(({ line, problem }) => `line ${line} ${problem}`),
      );
  }
}

/** The only export of a file. @throws {InvalidInput} it cannot be read, is no export, or has several */
export const readExport = async (name: string, io: Pick<Io, 'cwd'>): Promise<ExportedStream> => {
  const found: ExportedStream[] = [];
  for await (const exported of readExports(name, io)) {
    found.push(exported);
    if (found.length > 1) break;
  }
  const [exported, another] = found;
  if (exported && !another) return exported;
  throw new InvalidInput('one run is meant', [`${name} has several: studio import it, and name one by its id`]);
};
