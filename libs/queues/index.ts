export { createJobWorker, type JobWorker, type JobWorkerOptions, TRY_LATER } from './job-worker.ts';
export { CONTROL_QUEUE, GOALS_QUEUE, workJobId, workQueue } from './names.ts';
export { createWorkQueues, type QueueOptions, type WorkOrder, type WorkQueues } from './work-queues.ts';
