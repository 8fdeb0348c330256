import type { Outage } from '#domain';

/** What the runs of this process found out about providers, each for the others. */
export interface KnownOutages {
  readonly all: () => readonly Outage[];
  readonly take: (outages: readonly Outage[]) => void;
}

export const createKnownOutages = (): KnownOutages => {
  const known = new Map<string, Outage>();
  return {
    all: () => [...known.values()],
    take: (outages) => {
      for (const outage of outages) {
        const until = known.get(outage.engine)?.until ?? '';
        // A key that is refused is a matter of one run: the next one may have been started to see whether it is mended.
        if (outage.until !== null && outage.until > until) known.set(outage.engine, outage);
      }
    },
  };
};
