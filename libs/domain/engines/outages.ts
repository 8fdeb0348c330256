import type { Failure, Outage } from '../run.ts';

/** A provider that is down is asked again after this long, doubled for each time that it still was, up to the longest. */
const FIRST_COOL_DOWN_MS = 60_000;
const LONGEST_COOL_DOWN_MS = 15 * 60_000;

const coolDown = (time: string, times: number): string =>
  new Date(Date.parse(time) + Math.min(LONGEST_COOL_DOWN_MS, FIRST_COOL_DOWN_MS * 2 ** (times - 1))).toISOString();

const endOf = ({ provider, until, time }: Failure, times: number): Pick<Outage, 'until' | 'told'> => {
  if (provider === 'refused_key') return { until: null, told: false };
  const again = coolDown(time, times);
  if (until === null || until <= time) return { until: again, told: false };
  return provider === 'quota' ? { until, told: true } : { until: until > again ? until : again, told: false };
};

/** What is known of engines after another failure: nothing new, unless the provider of one is at fault. */
export const outagesAfter = (outages: readonly Outage[], failure: Failure): readonly Outage[] => {
  const { engine, provider, error } = failure;
  if (engine === null || provider === null) return outages;
  const before = outages.find((outage) => outage.engine === engine);
  const times = (before?.times ?? 0) + 1;
  const outage = { engine, provider, times, error: error.split('\n', 1)[0] ?? '', ...endOf(failure, times) };
  return [...outages.filter((other) => other !== before), outage];
};

/** Why an engine is not asked now; `null` when it can be. */
export const outageOf = (outages: readonly Outage[], engine: string, now: string): Outage | null =>
  outages.find((outage) => outage.engine === engine && (outage.until === null || outage.until > now)) ?? null;

/** `claude is out of quota until 2026-02-02T18:00:00.000Z`. */
export const describeOutage = ({ engine, provider, until, told }: Omit<Outage, 'times' | 'error'>): string => {
  switch (provider) {
    case 'refused_key':
      return `the key of ${engine} is refused`;
    case 'quota':
      return `${engine} is out of quota${told ? ` until ${until}` : ''}`;
    case 'down':
      return engine === 'human' ? 'nobody did it by hand in time' : `the provider of ${engine} is down`;
  }
};

export type PickedEngine =
  /** Nothing is known against it. */
  | { readonly outcome: 'free'; readonly engine: string; readonly passedOver: readonly Outage[] }
  /** Nobody is free; this one may be able to answer again at any time. */
  | { readonly outcome: 'may_be_back'; readonly engine: string; readonly passedOver: readonly Outage[] }
  /** All are out of quota; then one of them is not any more. */
  | { readonly outcome: 'wait'; readonly until: string; readonly passedOver: readonly Outage[] };

const soonest = (outages: readonly Outage[]): Outage | undefined =>
  outages.toSorted((a, b) => (a.until ?? '').localeCompare(b.until ?? ''))[0];

/** The earliest end of a window that a provider named, or `null`. */
export const windowEndOf = (outages: readonly Outage[]): string | null =>
  soonest(outages.filter(({ told }) => told))?.until ?? null;

/** Of those that could do it, in order of preference, the first that is not known to be unable to. */
export const pickEngine = (candidates: readonly string[], outages: readonly Outage[], now: string): PickedEngine => {
  const out = candidates.flatMap((engine) => outageOf(outages, engine, now) ?? []);
  const free = candidates.find((engine) => !out.some((outage) => outage.engine === engine));
  if (free !== undefined) {
    const before = candidates.slice(0, candidates.indexOf(free));
    return { outcome: 'free', engine: free, passedOver: out.filter(({ engine }) => before.includes(engine)) };
  }
  const back = soonest(out.filter(({ told, until }) => !told && until !== null));
  const until = windowEndOf(out);
  if (!back && until !== null) return { outcome: 'wait', until, passedOver: out };
  const engine = back?.engine ?? candidates[0] ?? '';
  return { outcome: 'may_be_back', engine, passedOver: out.filter((outage) => outage.engine !== engine) };
};
