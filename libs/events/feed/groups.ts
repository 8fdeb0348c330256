/**
 * Who follows the feed. A closed list: the feed is trimmed to what all of these have acknowledged, so a group that is
 * not here would lose entries, and one that is here but never came holds nothing back: it starts from the index.
 */
export const FEED_GROUPS = ['router', 'state'] as const;
export type FeedGroup = (typeof FEED_GROUPS)[number];

/** A stream that has new events, up to this version at least. A hint: read the stream to know. */
export interface Moved {
  readonly stream: string;
  readonly version: number;
}
