import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import * as z from 'zod';
import type { Studio } from '#client';
import { InvalidInput } from '#contracts';
import { blobsOf, exportBlob, exportEntry, exportFooter, exportHeader, exportPolicy } from '#events';
import type { Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../io.ts';
import { show } from '../output.ts';
import { parseOptions } from '../parse-options.ts';
import { pickRun } from '../pick-run.ts';
import { count } from '../render/words.ts';
import { withSession } from '../session.ts';

const ExportOptions = z.object({ output: z.string().optional() });

/** The policy that the run was started under: its first event names it. */
const policiesOf = async (studio: Studio, id: string): Promise<readonly string[]> =>
  (await studio.events(id, { limit: 1 })).flatMap((event) =>
    event.type === 'goal.submitted' ? [event.data.policy.hash] : [],
  );

/** One run as the lines of an export file, with the bytes that were hashed, every blob and the policy that they name. */
export async function* exportRun(studio: Studio, id: string): AsyncGenerator<string, void> {
  yield exportHeader(id);
  const head = await studio.head(id);
  const blobs = new Set<string>();
  for await (const entry of studio.stored(id, head.version)) {
    yield exportEntry(entry);
    for (const hash of blobsOf(entry.body)) blobs.add(hash);
  }
  for (const hash of blobs) {
    const content = await studio.blob(id, hash);
    if (content !== null) yield exportBlob(hash, content);
  }
  for (const hash of await policiesOf(studio, id)) {
    const policy = await studio.policy(hash);
    if (policy !== null) yield exportPolicy(hash, JSON.stringify(policy));
  }
  yield exportFooter(head);
}

const openFile = async (file: string): Promise<{ readonly output: Pick<Output, 'write'>; close(): Promise<void> }> => {
  const stream = createWriteStream(file, { mode: 0o600 });
  await new Promise<void>((opened, reject) => {
    stream.once('open', () => opened());
    stream.once('error', (error) =>
      reject(new InvalidInput('no export', [`${file} cannot be written (${error.message})`])),
    );
  });
  return {
    output: stream,
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
};

/** The export itself is JSON lines, on stdout or in a file; `--json` then tells what was written. */
export const exportCommand: Run = (call) =>
  withSession(call, async ({ studio }) => {
    const { output: file } = parseOptions(ExportOptions, call.options);
    const id = await pickRun(studio, call.args[0]);
    const target = file === undefined || file === '-' ? null : await openFile(resolve(call.io.cwd, file));
    const output = target?.output ?? call.io.stdout;
    let lines = 0;
    for await (const line of exportRun(studio, id)) {
      output.write(`${line}\n`);
      lines += 1;
    }
    await target?.close();
    if (target)
      show(call, { id, file, lines }, () => [`${count(lines, 'line')} in ${file}; studio verify ${file} checks it`]);
    return EXIT.done;
  });
