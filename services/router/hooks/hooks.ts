import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Config, HookName } from '#contracts';
import type { State } from '#domain';
import type { Logger } from '#runtime';
import type { Notify } from '../fulfil.ts';
import { type Claim, createDeliveries, type Deliveries } from './deliveries.ts';
import { type NoticeEvent, noticeFor, runOf, tell } from './notice.ts';
import { type Sent, send } from './send.ts';

export interface HooksOptions {
  readonly redis: Redis;
  readonly tag: string;
  readonly config: Config['hooks'];
  readonly secret: string | undefined;
  /** Variables that a command may see. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where a command runs. */
  readonly directory: string;
  readonly load: (id: string) => Promise<State>;
  readonly logger: Logger;
  readonly now: () => Date;
}

export interface Hooks {
  readonly notify: Notify;
  /** What is under way is broken off, and tried again by whoever comes next. */
  readonly stop: () => Promise<void>;
}

/** Between two looks at what is due. */
const LOOK_MS = 500;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;
/** More than a try takes: so long nobody else tries. */
const CLAIM_MARGIN_MS = 5_000;
/** What happened longer ago is no news: told of too late it would only surprise. */
const NEWS_MS = 7 * 86_400_000;

const retryMs = (tries: number): number => Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LAST_RETRY_MS);

const none: Hooks = { notify: async () => undefined, stop: async () => undefined };

/** Delivers what is due; each try ends by itself, so that no delivery keeps another waiting for long. */
const createCourier = (options: HooksOptions, deliveries: Deliveries, stopping: AbortSignal) => {
  const { config, load, logger, now } = options;
  const timeoutMs = config.timeout_s * 1_000;

  const settle = (notice: string): Promise<void> => {
    const nowMs = now().getTime();
    return deliveries.settle(notice, nowMs, nowMs - NEWS_MS);
  };

  const after = async ({ notice, try: number }: Claim, hook: HookName, sent: Sent): Promise<void> => {
    const about = { orchestration: runOf(notice), notice, hook, try: number };
    if (sent.outcome === 'delivered') {
      await settle(notice);
      logger.info(about, 'hook told');
    } else if (stopping.aborted) {
      await deliveries.postpone(notice, now().getTime());
    } else if (sent.outcome === 'refused' || number >= config.tries) {
      await settle(notice);
      logger.error({ ...about, reason: sent.reason }, 'hook given up');
    } else {
      await deliveries.postpone(notice, now().getTime() + retryMs(number));
      logger.warn({ ...about, reason: sent.reason }, 'hook failed, will be tried again');
    }
  };

  const isNews = ({ time }: NoticeEvent): boolean => Date.parse(time) > now().getTime() - NEWS_MS;

  const deliver = async (claim: Claim): Promise<void> => {
    const event = tell(claim.notice, await load(runOf(claim.notice)));
    const hook = event && config[event.data.hook];
    if (!event || !hook || !isNews(event)) return settle(claim.notice);
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
    const sent = await send({ ...options, hook, event, signal, now: now() });
    await after(claim, event.data.hook, sent);
  };

  return async (): Promise<void> => {
    const claims = await deliveries.claim(now().getTime(), timeoutMs + CLAIM_MARGIN_MS);
    await Promise.all(
      claims.map((claim) =>
        deliver(claim).catch((err: unknown) => logger.warn({ notice: claim.notice, err }, 'hook will be tried again')),
      ),
    );
  };
};

/**
 * Tells the hooks of the configuration what they want to know. `notify` only writes down that somebody is to be told, so
 * that nothing waits for a slow address; the telling is taken from there, by this router or another.
 */
export const startHooks = (options: HooksOptions): Hooks => {
  const { redis, tag, config, secret, load, logger, now } = options;
  const wanted = [config.completed, config.waiting, config.failed].flatMap((hook) => hook || []);
  if (wanted.length === 0) return none;
  if (!secret && wanted.some(({ url }) => url !== undefined))
    logger.error('a hook has a url, and STUDIO_HOOK_SECRET is not set: nothing is posted without a signature');
  const deliveries = createDeliveries(redis, tag);
  const stop = new AbortController();
  const deliverDue = createCourier(options, deliveries, stop.signal);
  const keepDelivering = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await deliverDue().catch((err: unknown) => logger.warn({ err }, 'hooks will be looked at again'));
      await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const delivering = keepDelivering();
  return {
    async notify(wish, id) {
      if (!config[wish.hook]) return;
      const state = await load(id);
      if (state.lifecycle !== 'absent') await deliveries.expect(noticeFor(id, wish, state), now().getTime());
    },
    async stop() {
      stop.abort();
      await delivering;
    },
  };
};
