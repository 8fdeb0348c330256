import { readdirSync, readFileSync } from 'node:fs';
import type { StateDocument } from '#contracts';
import { RoutingPolicy } from '#domain';
import { eventCodec, type ParsedExport, parseExport, type Recorded, sha256 } from '#events';
import type { PolicyOf } from '#replay';

/** Golden logs, by name: exports of this folder, each with the state that it leads to. */

const folder = new URL('./', import.meta.url);
const ending = '.jsonl';

export const goldenFile = (name: string): URL => new URL(`${name}${ending}`, folder);
export const stateFile = (name: string): URL => new URL(`${name}.state.json`, folder);
export const policyFile = (hash: string): URL => new URL(`policies/${hash}.json`, folder);

export const goldenNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length));

/** @throws {Error} the file is no whole export */
export const readGolden = (name: string): Extract<ParsedExport, { ok: true }> => {
  const parsed = parseExport(readFileSync(goldenFile(name), 'utf8').split('\n'));
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.problems)}`);
  return parsed;
};

export const goldenEvents = (name: string): readonly Recorded[] => {
  const { stream, entries, blobs } = readGolden(name);
  return entries.map((entry) => eventCodec.decode(stream, entry, (hash) => blobs.get(hash)));
};

/** As it was stored, to be compared: what is expected is not parsed. */
export const goldenState = (name: string): StateDocument => JSON.parse(readFileSync(stateFile(name), 'utf8'));

/** The routing table that was in force: kept beside the logs, so that they outlive every change of it. */
export const goldenPolicy: PolicyOf = (hash) => {
  const document: unknown = JSON.parse(readFileSync(policyFile(hash), 'utf8'));
  const actual = sha256(JSON.stringify(document));
  if (actual !== hash) throw new Error(`policies/${hash}.json was changed: its content hashes to ${actual}`);
  return RoutingPolicy.parse(document);
};
