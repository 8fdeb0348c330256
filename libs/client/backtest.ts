import { type BacktestDocument, InvalidInput, StudioError } from '#contracts';
import type { RoutingPolicy } from '#domain';
import { type EventLog, type ExportedStream, eventCodec, type Recorded } from '#events';
import { eventKeys, unavailable } from '#events/redis';
import { policyHash, readErrorPatterns } from '#orchestrations';
import { createSum, judgeRun, parseAlternative } from '#replay';
import type { Parts } from './parts.ts';
import { policyIn, readPolicy } from './policy.ts';
import type { Studio } from './studio.ts';

/** Events of one run that are read at once, and runs that are read while others are judged. */
const PAGE = 1_000;
const AHEAD = 16;
const LAST = 1_000;
const MOST = 100_000;

type FindPolicy = (hash: string) => Promise<RoutingPolicy | null>;

/** A backtest under way: runs go in, the document comes out. */
const begin = async (policy: unknown) => {
  const alternative = parseAlternative(policy, await readErrorPatterns());
  const sum = createSum(alternative, alternative.routing && policyHash(alternative.routing));
  return {
    async add(id: string, read: () => Promise<readonly Recorded[]>, find: FindPolicy): Promise<void> {
      try {
        const events = await read();
        const tables = new Map<string, RoutingPolicy | null>();
        for (const event of events)
          if (event.type === 'goal.submitted') tables.set(event.data.policy.hash, await find(event.data.policy.hash));
        sum.add(judgeRun(id, events, alternative, (hash) => tables.get(hash) ?? null));
      } catch (error) {
        // One that cannot be read leaves the others; a server that is away is no property of a run.
        if (!(error instanceof StudioError) || error.remedy === 'retry') throw error;
        sum.unreadable(id, error.message);
      }
    },
    document: sum.document,
  };
};

/** The same table is named by most runs. */
const remembered = (find: FindPolicy): FindPolicy => {
  const known = new Map<string, Promise<RoutingPolicy | null>>();
  return (hash) => {
    const found = known.get(hash) ?? find(hash);
    known.set(hash, found);
    return found;
  };
};

const readAll = async (log: Pick<EventLog, 'read'>, id: string): Promise<readonly Recorded[]> => {
  const events: Recorded[] = [];
  for (;;) {
    const page = await log.read(id, { after: events.at(-1)?.version ?? 0, limit: PAGE });
    events.push(...page);
    if (page.length < PAGE) return events;
  }
};

const assertCount = (last: number): void => {
  if (Number.isInteger(last) && last >= 1 && last <= MOST) return;
  throw new InvalidInput('how many runs', [`expected a whole number from 1 to ${MOST}, found ${last}`]);
};

export const createBacktest =
  ({ redis, tag, log }: Parts): Studio['backtest'] =>
  async ({ policy, last = LAST }) => {
    assertCount(last);
    const backtest = await begin(policy);
    const find = remembered((hash) => readPolicy(log, hash));
    const ids = await redis.zrevrange(eventKeys(tag).all, 0, last - 1).catch(unavailable);
    for (let at = 0; at < ids.length; at += AHEAD) {
      const runs = ids.slice(at, at + AHEAD).map((id) => ({ id, events: readAll(log, id) }));
      // Whichever fails is heard in its turn.
      for (const { events } of runs) events.catch(() => {});
      for (const { id, events } of runs) await backtest.add(id, () => events, find);
    }
    return backtest.document();
  };

/**
 * The same over exported runs; needs no Redis.
 * @throws {InvalidInput} with every problem of the policy
 */
export const backtestExports = async (
  policy: unknown,
  exports: AsyncIterable<ExportedStream>,
): Promise<BacktestDocument> => {
  const backtest = await begin(policy);
  for await (const { space, stream, entries, blobs, policies } of exports) {
    if (space !== 'runs') continue;
    const read = async () => entries.map((entry) => eventCodec.decode(stream, entry, (hash) => blobs.get(hash)));
    await backtest.add(stream, read, (hash) => policyIn(policies, hash));
  }
  return backtest.document();
};
