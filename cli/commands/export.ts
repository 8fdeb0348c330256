import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import * as z from 'zod';
import type { Studio } from '#client';
import { InvalidInput } from '#contracts';
import type { Call, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { pickRun } from '../pick-run.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

const ExportOptions = z.object({ output: z.string().optional(), all: z.boolean().optional() });

interface Export {
  /** The run, or `null` for all of them. */
  readonly id: string | null;
  readonly lines: AsyncIterable<string>;
}

const exportOf = async (studio: Studio, [name]: readonly string[], all: boolean): Promise<Export> => {
  if (all && name !== undefined) throw new InvalidInput('one run or all', [`give ${name} or --all, not both`]);
  if (all) return { id: null, lines: studio.exportAll() };
  const id = await pickRun(studio, name);
  return { id, lines: studio.export(id) };
};

/** Under another name until it is whole, on disk, and can be taken for what its name says. Packed if it ends in .gz. */
const writeFile = async (file: string, lines: AsyncIterable<string>): Promise<number> => {
  const draft = `${file}.${randomUUID()}`;
  let written = 0;
  async function* text() {
    for await (const line of lines) {
      written += 1;
      yield `${line}\n`;
    }
  }
  try {
    const target = createWriteStream(draft, { mode: 0o600, flush: true });
    await (file.endsWith('.gz')
      ? pipeline(Readable.from(text()), createGzip(), target)
      : pipeline(Readable.from(text()), target));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new InvalidInput('no export', [`${file} cannot be written (${error.message})`]);
  }
  return written;
};

const print = async ({ io }: Call, lines: AsyncIterable<string>): Promise<void> => {
  for await (const line of lines) io.stdout.write(`${line}\n`);
};

/** The export itself is JSON lines, on stdout or in a file; `--json` then tells what was written. */
export const exportCommand: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { output: file, all = false } = parseOptions(ExportOptions, call.options);
    const { id, lines } = await exportOf(studio, call.args, all);
    if (file === undefined || file === '-') {
      await print(call, lines);
      return EXIT.done;
    }
    const written = await writeFile(resolve(call.io.cwd, file), lines);
    show(call, { id, file, lines: written }, () => [
      `${count(written, 'line')} in ${file}; ${call.io.program} verify ${file} checks it`,
    ]);
    return EXIT.done;
  });
