import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import { type ExportedStream, exportLines } from '../exports/export-lines.ts';
import { type ParsedExport, parseExport } from '../exports/parse-export.ts';

const unzip = promisify(gunzip);

/** A month a folder; the version is in the name, so that a file is never replaced by another content. */
const fileOf = (stream: string, version: number): string => {
  const [, month = 'other'] = /^orch_(\d{6})/.exec(stream) ?? [];
  return join(month, `${stream}-${version}.jsonl.gz`);
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
};

/**
 * Writes a stream to a file, which is whole and on disk when this resolves.
 * @returns the name, relative to the folder, and its size
 */
export const writeArchiveFile = async (
  folder: string,
  exported: ExportedStream,
): Promise<{ readonly file: string; readonly bytes: number }> => {
  const file = fileOf(exported.stream, exported.head.version);
  const target = join(folder, file);
  const draft = `${target}.${randomUUID()}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(draft, 'wx', 0o600);
    const lines = Readable.from(exportLines(exported)).map((line: string) => `${line}\n`);
    await pipeline(lines, createGzip(), handle.createWriteStream({ flush: true }));
    await rename(draft, target);
    await syncFolder(dirname(target));
  } finally {
    await rm(draft, { force: true });
  }
  return { file, bytes: (await readFile(target)).byteLength };
};

/** @throws the error of the file system, or of zlib for bytes that are not gzip */
export const readArchiveFile = async (folder: string, file: string): Promise<ParsedExport> => {
  const text = (await unzip(await readFile(join(folder, file)))).toString();
  return parseExport(text.trimEnd().split('\n'));
};
