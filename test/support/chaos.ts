import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { DurableRedis } from './durable-redis.ts';
import type { Fleet, Member } from './fleet.ts';
import type { Random } from './random.ts';

export interface ChaosOptions {
  readonly fleet: Fleet;
  readonly random: Random;
  /** Crashed with the others when given. */
  readonly server?: DurableRedis;
  /** One blow about so often. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onBlow?: (victim: string) => void;
}

/** Builders hold the work, so they die more often than all others together. */
const WEIGHTS = { builder: 8, planner: 3, architect: 1, router: 2, state: 1, redis: 1 } as const;

const strike = async (victim: Member | DurableRedis): Promise<void> => {
  if ('crash' in victim) return victim.crash();
  await victim.kill();
  victim.respawn();
};

const chooseVictim = ({ fleet, server, random }: ChaosOptions): readonly [string, Member | DurableRedis] | null => {
  const candidates: (readonly [string, Member | DurableRedis])[] = fleet.members
    .filter((member) => member.isReady())
    .flatMap((member) => Array.from({ length: WEIGHTS[member.service] }, () => [member.service, member] as const));
  if (server) candidates.push(...Array.from({ length: WEIGHTS.redis }, () => ['redis', server] as const));
  const [first, ...rest] = candidates;
  return first === undefined ? null : random.pick([first, ...rest]);
};

/** Who was struck has a successor by now, so an empty place means a process that ended by itself. */
const assertNobodyElseDied = ({ members }: Fleet): void => {
  const ended = members.find((member) => member.hasEnded());
  if (ended) throw new Error(`a ${ended.service} ended by itself:\n${ended.log().slice(-4_000)}`);
};

/** Kills somebody at random moments until aborted; the place is filled again at once. @returns blows by victim */
export const wreakHavoc = async (options: ChaosOptions): Promise<Readonly<Record<string, number>>> => {
  const { random, everyMs, signal, onBlow } = options;
  const blows: Record<string, number> = {};
  while (!signal.aborted) {
    await sleep(everyMs * (0.5 + random.next()), undefined, { signal }).catch(() => undefined);
    assertNobodyElseDied(options.fleet);
    const chosen = signal.aborted ? null : chooseVictim(options);
    if (chosen === null) continue;
    const [name, victim] = chosen;
    await strike(victim);
    blows[name] = (blows[name] ?? 0) + 1;
    onBlow?.(name);
  }
  return blows;
};

/** Every key of every queue, and nothing of the log. */
export const wipeQueues = async (redis: Redis, tag: string): Promise<number> => {
  let wiped = 0;
  for (const queue of ['goals', 'control', 'agent-planner', 'agent-builder', 'agent-architect']) {
    const found: AsyncIterable<string[]> = redis.scanStream({ match: `${tag}:${queue}:*`, count: 1_000 });
    for await (const keys of found) if (keys.length > 0) wiped += await redis.unlink(keys);
  }
  return wiped;
};
