import type { EventLog, StoredEntry } from '#events';

const PAGE = 1_000;

/** Every stored entry of a stream up to version `to`, oldest first, a page in memory at a time. */
export async function* readAllStored(
  log: Pick<EventLog, 'readStored'>,
  stream: string,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<StoredEntry, void> {
  for (let after = 0; after < to; ) {
    const page = await log.readStored(stream, { after, limit: Math.min(PAGE, to - after) });
    yield* page;
    after = page.at(-1)?.version ?? after;
    if (page.length < PAGE) return;
  }
}
