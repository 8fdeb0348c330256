/** Keys of the views. All of it can be dropped and made again from the log. */
export const viewKeys = (tag: string) =>
  ({
    /** Hash: orchestration → JSON of its stored row. */
    rows: `${tag}:view:rows`,
    /** Set: names of the sorted sets in use. */
    indexes: `${tag}:view:indexes`,
    /** Sorted set a condition: orchestrations by creation time, milliseconds. Names are made by `indexNames`. */
    indexPrefix: `${tag}:view:index:`,
    /** Hash: orchestration and number of the entry → JSON of what it found out, with its workspace. */
    learnings: `${tag}:view:learnings`,
    index: (name: string) => `${tag}:view:index:${name}`,
  }) as const;
