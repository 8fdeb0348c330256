import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlJob, RuleViolation, StudioError, type SubmitAnswer } from '#contracts';
import type { EventLog } from '#events';
import type { Quarantine } from '#events/redis';
import { commandOf, type Intake, type Orchestrations, problemsOf } from '#orchestrations';
import { GOALS_QUEUE, TRY_LATER } from '#queues';
import type { Logger } from '#runtime';

/** The part of a BullMQ job that an adapter reads. */
export interface ProducerJob {
  readonly id?: string | undefined;
  readonly data: unknown;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

export interface ProducersOptions {
  readonly intake: Intake;
  readonly orchestrations: Orchestrations;
  readonly log: Pick<EventLog, 'reject'>;
  readonly quarantine: Pick<Quarantine, 'get'>;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** What a control job returns. */
export type ControlAnswer =
  | { readonly outcome: 'done'; readonly version: number }
  | { readonly outcome: 'rejected'; readonly problems: readonly string[] };

/** Between two looks whether a full or missing log takes goals again. */
const NO_ROOM_WAIT_MS = 1_000;

/**
 * Queue `goals`: the answer is the job's return value. A job without a key stands for itself: queue, id and time of
 * the job are its key, so a job that is delivered twice is one goal. A goal that finds no room stays in the queue.
 */
export const createGoalProcessor =
  ({ intake, logger }: ProducersOptions) =>
  async (job: ProducerJob): Promise<SubmitAnswer | typeof TRY_LATER> => {
    const source = `queue ${GOALS_QUEUE} job ${job.id ?? '?'}`;
    const once = { source: `${source} ${job.timestamp}`, at: new Date(job.timestamp) };
    try {
      return await intake(job.data, { trigger: 'queue', actor: 'producer:queue', source, once });
    } catch (error) {
      if (!(error instanceof StudioError) || error.remedy !== 'retry') throw error;
      logger.warn({ jobId: job.id, err: error }, 'a goal waits in its queue');
      await sleep(NO_ROOM_WAIT_MS);
      return TRY_LATER;
    }
  };

/** Queue `control`: commands from producers that only speak BullMQ. */
export const createControlProcessor =
  ({ orchestrations, log, quarantine, now }: ProducersOptions) =>
  async (job: ProducerJob): Promise<ControlAnswer> => {
    const source = `queue control job ${job.id ?? '?'}`;
    const parsed = ControlJob.safeParse(job.data);
    if (!parsed.success) {
      const problems = problemsOf(parsed.error);
      const digest = createHash('sha256')
        .update(JSON.stringify(job.data) ?? '')
        .digest('hex');
      await log.reject({ time: now().toISOString(), source, digest, problems });
      return { outcome: 'rejected', problems };
    }
    const { orchestration, do: control } = parsed.data;
    const aside = await quarantine.get(orchestration);
    if (aside)
      return { outcome: 'rejected', problems: [`${orchestration} is set aside since ${aside.time}: ${aside.message}`] };
    const by = { actor: 'producer:queue', commandId: source };
    try {
      const { state } = await orchestrations.execute(orchestration, commandOf(control), by);
      return { outcome: 'done', version: state.head.version };
    } catch (error) {
      // Refused for good: to fail the job would only have its producer try the same again.
      if (!(error instanceof RuleViolation)) throw error;
      return { outcome: 'rejected', problems: [`${orchestration}: ${error.message}`] };
    }
  };
