import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { InvalidInput } from '#contracts';

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readDocument = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidInput('no policy', [`${file} cannot be read (${error instanceof Error ? error.message : error})`]);
  });
  try {
    // YAML takes JSON too.
    return parse(text);
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    throw new InvalidInput(`${file} is no policy`, [`it is neither JSON nor YAML: ${reason}`]);
  }
};

/**
 * A policy to judge by: sections of a configuration, a routing table alone (it has `verbs`), or both, where
 * `routing_table` may name a file beside this one.
 * @throws {InvalidInput} a file cannot be read; what is in it the client judges
 */
export const readPolicyFile = async (file: string): Promise<unknown> => {
  const document = await readDocument(file);
  if (!isRecord(document)) return document;
  if ('verbs' in document) return { routing_table: document };
  const { routing_table: table } = document;
  if (typeof table !== 'string') return document;
  return { ...document, routing_table: await readDocument(resolve(dirname(file), table)) };
};
