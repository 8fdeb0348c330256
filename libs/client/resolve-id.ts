import type { Redis } from 'ioredis';
import { InvalidInput, NotFound, OrchestrationId } from '#contracts';
import type { EventLog } from '#events';
import { eventKeys, unavailable } from '#events/redis';

/** `orch_` and the date, at least: what narrows the search to the streams of that day and later. */
const Abbreviation = /^orch_(\d{4})(\d{2})(\d{2})(?:_\d{0,6}(?:_[0-9a-f]{0,12})?)?$/;
/** What an id ends with, or the beginning of that: enough for a person, and asked of every stream. */
const Ending = /^[0-9a-f]{4,12}$/;
const PAGE = 5_000;
/** A stream is created after the moment in its id was taken, by another machine's clock perhaps. */
const CLOCK_SKEW_MS = 60 * 60 * 1_000;

const startOf = (id: string): number | '-inf' => {
  const [, year, month, day] = Abbreviation.exec(id) ?? [];
  return day === undefined ? '-inf' : Date.UTC(Number(year), Number(month) - 1, Number(day)) - CLOCK_SKEW_MS;
};

const isMeant = (id: string, short: string): boolean =>
  Ending.test(short) ? id.slice(id.lastIndexOf('_') + 1).startsWith(short) : id.startsWith(short);

const meantBy = async (redis: Redis, key: string, short: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await redis.zrangebyscore(key, startOf(short), '+inf', 'LIMIT', offset, PAGE).catch(unavailable);
    found.push(...page.filter((id) => isMeant(id, short)));
    if (page.length < PAGE || found.length > 1) return found;
  }
};

/**
 * The full id of an orchestration that exists.
 * @throws {InvalidInput} it does not look like an id
 * @throws {NotFound} none, or more than one, is meant by this
 */
export const createResolveId =
  ({ redis, tag, log }: { readonly redis: Redis; readonly tag: string; readonly log: Pick<EventLog, 'head'> }) =>
  async (id: string): Promise<string> => {
    if (OrchestrationId.safeParse(id).success && (await log.head(id)).version > 0) return id;
    if (!Abbreviation.test(id) && !Ending.test(id))
      throw new InvalidInput('the id', [
        `"${id.slice(0, 80)}" is not one: an id looks like orch_20260202_143052_a1b2c3d4e5f6, and may be cut after its date, or be the first 4 to 12 characters of its last part`,
      ]);
    const [first, second] = await meantBy(redis, eventKeys(tag).all, id);
    if (first === undefined)
      throw new NotFound(`there is no orchestration ${id}: studio list shows the ones there are`, { id });
    if (second !== undefined)
      throw new NotFound(`${id} may be ${first}, ${second} or another: give more of the id`, { id });
    return first;
  };
