import { NotFound, RuleViolation } from '#contracts';
import { absent, asStored, type Command, type Context, conclude, dueMs, fold, type State } from '#domain';
import { AppendConflict, type Event, type EventLog, entryPages, LogWentBack, type Recorded } from '#events';
import type { Policies } from './policies.ts';
import { createStateCache, type StateCache } from './state-cache.ts';

/** Who gives a command. */
export interface By {
  /** `person:alice`, `service:router`, `agent:builder`. */
  readonly actor: string;
  /** Of the command: what it causes carries it. */
  readonly commandId?: string;
  readonly correlationId?: string;
}

/** What a command came to: the state after it, and the events that this call stored, oldest first. */
export interface Executed {
  readonly state: State;
  readonly events: readonly Recorded[];
}

/**
 * The only way to read or change orchestrations: load, decide, append. Everything may be called twice: what is already
 * so stores nothing.
 */
export interface Orchestrations {
  /**
   * What is cached, plus the tail that is read. `absent` when there is no such stream.
   * @param atLeast a version that is new enough: nothing is read when it is in the cache
   */
  load(id: string, atLeast?: number): Promise<State>;
  /** @throws {NotFound} there is no such orchestration */
  get(id: string): Promise<Exclude<State, { lifecycle: 'absent' }>>;
  /**
   * @throws {RuleViolation} from the decider, unchanged
   * @throws {AppendConflict} after 10 lost races
   * @throws {Unavailable} the log did not answer; give the command again
   */
  execute(id: string, command: Command, by: By): Promise<Executed>;
  /**
   * Tells at once of what this process itself stored. Only a shortcut: the feed is the guarantee.
   * @returns stop telling
   */
  onStored(listener: OnStored): () => void;
}

type OnStored = (id: string, state: State) => void;

export interface OrchestrationsOptions {
  readonly log: EventLog;
  readonly policies: Policies;
  readonly now: () => Date;
  /** Uniform in [0, 1). */
  readonly draw: () => number;
  /** States kept in memory; 2,000 unless told otherwise. */
  readonly cacheSize?: number;
}

/** Lost races until we give up. One stream has a worker, a router and rarely a person as its writers. */
const MAX_RELOADS = 10;
const CACHED_STATES = 2_000;

const isSome = (events: readonly Event[]): events is readonly [Event, ...Event[]] => events.length > 0;

interface Request {
  readonly id: string;
  readonly command: Command;
  readonly by: By;
}

/** What all parts below lean on. */
type Parts = OrchestrationsOptions & {
  readonly cache: StateCache;
  readonly listeners: Set<OnStored>;
  /** Appends of this process that are under way. */
  readonly storing: Map<string, Promise<unknown>>;
};

/** What is in the cache, once an append that may be what is asked for has its reply: the feed is often faster than that. */
const cachedState = async ({ cache, storing }: Parts, id: string, atLeast: number): Promise<State> => {
  const state = cache.get(id) ?? absent;
  if (state.head.version >= atLeast || atLeast === Number.POSITIVE_INFINITY) return state;
  await storing.get(id)?.catch(() => undefined);
  return cache.get(id) ?? absent;
};

const loadState = async (parts: Parts, id: string, atLeast = Number.POSITIVE_INFINITY): Promise<State> => {
  const { log, cache } = parts;
  let state = await cachedState(parts, id, atLeast);
  if (state.head.version >= atLeast) return state;
  for await (const page of entryPages((range) => log.read(id, range), state.head.version)) state = fold(page, state);
  cache.put(id, state);
  return state;
};

/** A run is decided under the policy that it was started under, or is started under now: a task, under that of its goal. */
const policyHashOf = (state: State, command: Command, { current }: Policies): string => {
  if (state.lifecycle !== 'absent') return state.submission.policy.hash;
  return command.type === 'submit' ? command.submission.policy.hash : current.hash;
};

const contextFor = async (
  { policies, now, draw }: Parts,
  state: State,
  { id, command, by: { actor } }: Request,
): Promise<Context> => {
  const hash = policyHashOf(state, command, policies);
  const clock = now().toISOString();
  // As the log records it: a clock that was set back does not take the run back.
  const time = state.lifecycle !== 'absent' && clock < state.updatedAt ? state.updatedAt : clock;
  return { stream: id, now: time, draw: draw(), actor, routing: await policies.routing(hash) };
};

interface Decided {
  readonly events: readonly [Event, ...Event[]];
  readonly after: State;
  /** As it was decided at. */
  readonly time: string;
}

/** Stores what was decided, on top of exactly the state that it was decided on, and tells of it. */
const append = async (
  parts: Parts,
  state: State,
  { events, after, time }: Decided,
  { id, by }: Request,
): Promise<Executed> => {
  const recorded = await parts.log.append({
    stream: id,
    expected: state.head,
    events,
    trace: {
      actor: by.actor,
      correlationId: by.correlationId ?? id,
      causationId: by.commandId ?? null,
      time,
    },
    index: { live: after.lifecycle === 'live', dueMs: dueMs(after) },
  });
  const last = recorded.at(-1);
  // As foreseen, unless another writer's clock was ahead and the log moved the time.
  const stored =
    last?.time === time ? asStored(after, id, { version: last.version, hash: last.hash }) : fold(recorded, state);
  parts.cache.put(id, stored);
  for (const listener of parts.listeners) listener(id, stored);
  return { state: stored, events: recorded };
};

/** Decides on one state and stores what was decided. */
const decideAndAppend = async (parts: Parts, state: State, request: Request): Promise<Executed> => {
  const { id, command } = request;
  const context = await contextFor(parts, state, request);
  const { events, after } = conclude(state, command, context);
  if (!isSome(events)) return { state, events: [] };
  const appending = append(parts, state, { events, after, time: context.now }, request);
  parts.storing.set(id, appending);
  try {
    return await appending;
  } finally {
    if (parts.storing.get(id) === appending) parts.storing.delete(id);
  }
};

/** Saves a read: decides on the cached state first. Only a decision that stores something counts, as its append is fenced. */
const decideHastily = async (parts: Parts, request: Request): Promise<Executed | null> => {
  const cached = parts.cache.get(request.id) ?? (request.command.type === 'submit' ? absent : undefined);
  if (!cached) return null;
  try {
    const executed = await decideAndAppend(parts, cached, request);
    return executed.events.length > 0 ? executed : null;
  } catch (error) {
    if (error instanceof RuleViolation) return null;
    throw error;
  }
};

/** One try: on the cached state, then on the stored one. @returns null when another writer was faster */
const tryOnce = async (parts: Parts, request: Request, isLast: boolean): Promise<Executed | null> => {
  const { id } = request;
  try {
    return (await decideHastily(parts, request)) ?? (await decideAndAppend(parts, await loadState(parts, id), request));
  } catch (error) {
    if (error instanceof LogWentBack) parts.cache.drop(id);
    if (!(error instanceof AppendConflict) || isLast) throw error;
    await loadState(parts, id);
    return null;
  }
};

export const createOrchestrations = (options: OrchestrationsOptions): Orchestrations => {
  const listeners = new Set<OnStored>();
  const cache = createStateCache(options.cacheSize ?? CACHED_STATES);
  const parts = { ...options, cache, listeners, storing: new Map() };
  return {
    onStored: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    load: (id, atLeast) => loadState(parts, id, atLeast),

    async get(id) {
      const state = await loadState(parts, id);
      if (state.lifecycle === 'absent')
        throw new NotFound(`there is no orchestration ${id}: studio list shows the ones there are`, { id });
      return state;
    },

    async execute(id, command, by) {
      for (let races = 1; ; races++) {
        const executed = await tryOnce(parts, { id, command, by }, races === MAX_RELOADS);
        if (executed) return executed;
      }
    },
  };
};
