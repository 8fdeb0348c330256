import type { EventLog, StoredEntry } from '#events';

const PAGE = 1_000;

/** Every stored entry of a stream, oldest first, a page in memory at a time. */
export async function* readAllStored(
  log: Pick<EventLog, 'readStored'>,
  stream: string,
): AsyncGenerator<StoredEntry, void> {
  for (let after = 0; ; ) {
    const page = await log.readStored(stream, { after, limit: PAGE });
    yield* page;
    after = page.at(-1)?.version ?? after;
    if (page.length < PAGE) return;
  }
}
