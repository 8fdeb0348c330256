import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Role, type WorkJob } from '#contracts';
import { workJobId, workQueue } from './names.ts';

export interface WorkOrder extends WorkJob {
  /** 1 runs first, 5 last. */
  readonly priority: number;
}

/** The queues that carry work to the roles. They can be wiped at any time: what is still wished for is added again. */
export interface WorkQueues {
  /** Adds the job; nothing happens when it is there already. */
  add(order: WorkOrder): Promise<void>;
  /** Looks first: adds what is missing, replaces what ended although it is still wished for, leaves the rest alone. */
  ensure(order: WorkOrder): Promise<'added' | 'replaced' | 'left'>;
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly redis: Redis;
  /** BullMQ prefix: the hash tag of the installation. */
  readonly tag: string;
  readonly onError: (error: unknown) => void;
}

/**
 * One attempt a job: the decider counts, not BullMQ. A job that ended leaves nothing behind, so that its id can be
 * added again while the log still asks for it.
 */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

export const createWorkQueues = ({ redis, tag, onError }: QueueOptions): WorkQueues => {
  const open = (role: Role) => {
    const queue = new Queue(workQueue(role), { connection: redis, prefix: tag });
    queue.on('error', onError);
    return queue;
  };
  const queues = new Map(Role.options.map((role) => [role, open(role)]));
  const queueOf = (role: Role): Queue => {
    const queue = queues.get(role);
    if (!queue) throw new Error(`no queue for ${role}`);
    return queue;
  };

  const add = async ({ priority, ...job }: WorkOrder): Promise<void> => {
    const jobId = workJobId(job.orchestration, job.dispatch);
    // BullMQ runs jobs without a priority before all others, and 1 before 2.
    await queueOf(job.role).add('work', job, { ...JOB_OPTIONS, jobId, priority: priority - 1 });
  };

  return {
    add,
    async ensure(order) {
      const jobId = workJobId(order.orchestration, order.dispatch);
      const queue = queueOf(order.role);
      const state = await queue.getJobState(jobId);
      if (state !== 'unknown' && state !== 'completed' && state !== 'failed') return 'left';
      if (state !== 'unknown') await queue.remove(jobId);
      await add(order);
      return state === 'unknown' ? 'added' : 'replaced';
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
};
