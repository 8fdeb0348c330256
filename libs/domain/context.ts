import { type Event, type EventOf, type EventType, newestVersion, type RecordedOf } from '#events';
import type { RoutingPolicy } from './routing/policy.ts';
import type { Run } from './run.ts';

/** What a decision needs beside state and command. The shell draws and reads the clock; the core never does. */
export interface Context {
  /** The id of the run: what is told of it for the first time has no other way to know. */
  readonly stream: string;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Uniform in [0, 1): the jitter of a backoff. */
  readonly draw: number;
  readonly actor: string;
  /** The routing table named by the run's policy hash. */
  readonly routing: RoutingPolicy;
}

export type Decision = readonly Event[];

/** What changes in a run. */
export type Change = Partial<Run>;

/** How one part of the state follows from its events: each says only what is different after it. */
export type Evolvers<T extends EventType> = {
  readonly [K in T]: (run: Run, event: RecordedOf<K>) => Change;
};

export const fact = <T extends EventType>(type: T, data: EventOf<T>['data']): EventOf<T> =>
  // The newest version of a type is the one that EventOf<T> holds; TypeScript cannot see that for a generic T.
  ({ type, v: newestVersion[type], data }) as unknown as EventOf<T>;
