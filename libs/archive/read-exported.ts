import { blobsOf, type EventLog, type ExportedStream, type ExportSpace, type StoredEntry } from '#events';

export interface ReadExportedOptions {
  readonly log: Pick<EventLog, 'readStored' | 'head' | 'blob' | 'policy'>;
  readonly stream: string;
  readonly space: ExportSpace;
  /** Payload hash by idempotency key, of keys that are this stream's. */
  readonly claims: ReadonlyMap<string, string>;
}

const PAGE = 1_000;

/** How a policy is named in the facts that freeze one into a run. */
const POLICY = /"policy":\{"hash":"([0-9a-f]{64})"/g;

/** Contents by hash, of those that there are: a damaged log is worth exporting too. */
const contentsOf = async (
  hashes: Iterable<string>,
  find: (hash: string) => Promise<string | null>,
): Promise<ReadonlyMap<string, string>> => {
  const contents = new Map<string, string>();
  for (const hash of new Set(hashes)) {
    const content = await find(hash);
    if (content !== null) contents.set(hash, content);
  }
  return contents;
};

/** A whole stream, as it is at this moment, with all that it names. The log of one run is some MiB at most. */
export const readExported = async ({ log, stream, space, claims }: ReadExportedOptions): Promise<ExportedStream> => {
  const head = await log.head(stream);
  const entries: StoredEntry[] = [];
  while (entries.length < head.version) {
    const limit = Math.min(PAGE, head.version - entries.length);
    const page = await log.readStored(stream, { after: entries.at(-1)?.version ?? 0, limit });
    if (page.length === 0) break;
    entries.push(...page);
  }
  const bodies = entries.map(({ body }) => body);
  const blobs = await contentsOf(bodies.flatMap(blobsOf), (hash) => log.blob(stream, hash));
  const named = bodies.flatMap((body) => [...body.matchAll(POLICY)].map(([, hash = '']) => hash));
  const policies = await contentsOf(named, (hash) => log.policy(hash));
  return { space, stream, entries, blobs, policies, claims, head };
};
