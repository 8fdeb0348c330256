/** Events, or ids of streams, in one answer where the caller names no limit: some hundred KiB of stored bytes. */
export const DEFAULT_PAGE = 1_000;

/** Streams whose due time has come, in one answer. */
export const DEFAULT_DUE = 100;

/** Traces of refused input that are kept: the newest. */
export const MAX_REJECTIONS = 1_000;
