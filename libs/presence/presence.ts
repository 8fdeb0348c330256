import type { Redis } from 'ioredis';
import { WorkerDocument } from '#contracts';
import { rememberEngines } from './engine-names.ts';

/** How often a process says that it is alive, and for how long it is believed. Three beats may be lost. */
export const BEAT_MS = 4_000;
const BELIEVED_MS = 15_000;

/** One Redis hash: worker id → its document. */
const key = (tag: string): string => `${tag}:workers`;

export interface Announcement extends Omit<WorkerDocument, 'engines' | 'started_at' | 'seen_at'> {
  /** Asked at each beat: the configuration may have changed. */
  readonly engines?: () => Promise<readonly string[]>;
}

/** Announces a process until `stop`, which takes it off the list. A killed one drops off by itself after 15 s. */
export const announce = (
  redis: Redis,
  tag: string,
  { engines: askEngines = async () => [], ...worker }: Announcement,
  onError: (error: unknown) => void,
) => {
  const started_at = new Date().toISOString();
  let engines: readonly string[] = [];
  const beat = async (): Promise<void> => {
    // While the configuration cannot be read, what it said before holds.
    engines = await askEngines().catch(() => engines);
    const seen_at = new Date().toISOString();
    const document: WorkerDocument = { ...worker, engines: [...engines], started_at, seen_at };
    await Promise.all([
      redis.hset(key(tag), worker.id, JSON.stringify(document)),
      rememberEngines(redis, tag, engines, seen_at),
    ]).catch(onError);
  };
  const timer = setInterval(() => void beat(), BEAT_MS);
  timer.unref();
  const ready = beat();
  return {
    ready,
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await redis.hdel(key(tag), worker.id).catch(onError);
    },
  };
};

/** Processes that announced themselves within the last 15 s. Those that are long gone are taken off the list. */
export const workersAlive = async (redis: Redis, tag: string, now: Date): Promise<readonly WorkerDocument[]> => {
  const believedSince = new Date(now.getTime() - BELIEVED_MS).toISOString();
  const documents = Object.values(await redis.hgetall(key(tag))).flatMap((json) => {
    const parsed = WorkerDocument.safeParse(JSON.parse(json));
    return parsed.success ? [parsed.data] : [];
  });
  const gone = documents.filter(({ seen_at }) => seen_at < believedSince).map(({ id }) => id);
  if (gone.length > 0) await redis.hdel(key(tag), ...gone);
  return documents.filter(({ seen_at }) => seen_at >= believedSince);
};
