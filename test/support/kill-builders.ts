import type { Studio } from '#client';
import type { Recorded, RecordedOf } from '#events';
import type { Fleet, Member } from './fleet.ts';
import type { Random } from './random.ts';
import { waitUntil } from './wait-until.ts';

/** A worker that was killed in the middle of a step. */
export interface Kill {
  readonly run: string;
  readonly lease: number;
  readonly atMs: number;
}

export interface KillOptions {
  readonly studio: Studio;
  readonly fleet: Fleet;
  readonly random: Random;
  /** The run whose tasks they work on. */
  readonly id: string;
  readonly kills: number;
  readonly onKill?: () => Promise<void>;
}

interface Busy {
  readonly run: string;
  readonly lease: RecordedOf<'agent.started'>;
  readonly member: Member;
}

const isLease = (event: Recorded): event is RecordedOf<'agent.started'> => event.type === 'agent.started';

/** Builders that are in a step of a task now. */
const busyBuilders = async ({ studio, fleet, id }: KillOptions): Promise<readonly Busy[]> => {
  const { tasks } = await studio.state(id);
  const running = tasks.flatMap(({ status, orchestration }) => (status === 'running' ? (orchestration ?? []) : []));
  const found = await Promise.all(
    running.map(async (run) => {
      const events: readonly Recorded[] = await studio.events(run).catch(() => []);
      const lease = events.filter(isLease).at(-1);
      const member = fleet
        .of('builder')
        .find((builder) => builder.isReady() && builder.pid() === lease?.data.worker.pid);
      return events.at(-1)?.type === 'step.started' && lease && member ? [{ run, lease, member }] : [];
    }),
  );
  return found.flat();
};

/** SIGKILL to builders that are at work, one after the other as the work goes on; each has a successor at once. */
export const killBuilders = async (options: KillOptions): Promise<readonly Kill[]> => {
  const { studio, random, id, kills, fleet } = options;
  const total = (await studio.state(id)).tasks.length;
  const done: Kill[] = [];
  for (let number = 1; number <= kills; number += 1) {
    let busy: readonly Busy[] = [];
    await waitUntil('builders are at work', async () => {
      const { tasks } = await studio.state(id);
      const ended = tasks.filter(({ status }) => status === 'completed').length;
      busy = ended >= (total * (number - 1)) / (kills + 1) ? await busyBuilders(options) : [];
      return busy.length > 0;
    });
    const victim = busy[random.between(0, busy.length - 1)];
    if (!victim) continue;
    await victim.member.kill();
    done.push({ run: victim.run, lease: victim.lease.version, atMs: Date.now() });
    await options.onKill?.();
    victim.member.respawn();
  }
  await fleet.ready();
  return done;
};

/** How long after each kill another worker took the lease, ms; nothing for a step that had ended in time. */
export const takeOversMs = async (studio: Studio, kills: readonly Kill[]): Promise<readonly number[]> => {
  const found = await Promise.all(
    kills.map(async ({ run, lease, atMs }) => {
      const next = (await studio.events(run)).find((event) => isLease(event) && event.version > lease);
      return next ? [Date.parse(next.time) - atMs] : [];
    }),
  );
  return found.flat();
};
