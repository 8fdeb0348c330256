import type { Redis } from 'ioredis';
import { type Codec, createCodec, type EventLog, type Head, type Trace } from '#events';
import { createRedisEventLog } from '#events/redis';
import { BacklogEvent, type RecordedBacklogEvent } from './backlog.events.ts';

export interface BacklogAppend {
  readonly stream: string;
  readonly expected: Head;
  readonly events: readonly [BacklogEvent, ...BacklogEvent[]];
  readonly trace: Trace;
}

/** The log of backlogs: the log of runs once more, with other events and under keys of its own. */
export interface BacklogLog {
  /** @throws {AppendConflict} @throws {LogWentBack} @throws {Unavailable} */
  append(request: BacklogAppend): Promise<readonly RecordedBacklogEvent[]>;
  /** @throws {MalformedEvent} @throws {NewerEvent} @throws {Unavailable} */
  read(stream: string, options?: { after?: number; limit?: number }): Promise<readonly RecordedBacklogEvent[]>;
}

export const backlogCodec: Codec = createCodec({
  schemas: BacklogEvent.options,
  upcasters: {
    // Plans and steps name an engine since then, where they like.
    'backlog.decomposed@1': (event) => ({ ...event, v: 2 }),
    'backlog.task_added@1': (event) => ({ ...event, v: 2 }),
    'task.edited@1': (event) => ({ ...event, v: 2 }),
    // And checks in a browser name the command that serves the page.
    'backlog.decomposed@2': (event) => ({ ...event, v: 3 }),
    'backlog.task_added@2': (event) => ({ ...event, v: 3 }),
    'task.edited@2': (event) => ({ ...event, v: 3 }),
  },
});

/** The hash tag of runs, and a word behind it: both logs are in one slot, and no key of one is a key of the other. */
export const backlogTag = (tag: string): string => `${tag}:backlog`;

/**
 * A log that was made with `backlogCodec`, as one of backlog events. The codec refuses every event of another catalogue,
 * on the way in and on the way out: that is what makes the casts true.
 */
export const asBacklogLog = (log: Pick<EventLog, 'append' | 'read'>): BacklogLog => ({
  append: async ({ events, ...request }) => {
    const recorded = await log.append({
      ...request,
      events: events as unknown as Parameters<EventLog['append']>[0]['events'],
      index: { live: true, dueMs: null },
    });
    return recorded as unknown as readonly RecordedBacklogEvent[];
  },
  read: async (stream, options) => (await log.read(stream, options)) as unknown as readonly RecordedBacklogEvent[],
});

export const createRedisBacklogLog = (redis: Redis, tag: string): BacklogLog =>
  asBacklogLog(createRedisEventLog({ redis, tag: backlogTag(tag), codec: backlogCodec }));
