import type { EventLog } from './event-log.ts';

/** The streams of an index in its order, at most `limit` at a time, until there are no more; no page is empty. */
export async function* streamPages(
  log: Pick<EventLog, 'streams'>,
  index: Parameters<EventLog['streams']>[0],
  limit: number,
): AsyncGenerator<readonly string[], void> {
  for (let after: string | undefined; ; ) {
    const page = await log.streams(index, after === undefined ? { limit } : { after, limit });
    if (page.length > 0) yield page;
    after = page.at(-1);
    if (after === undefined || page.length < limit) return;
  }
}
