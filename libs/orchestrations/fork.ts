import { InvalidInput, NotFound } from '#contracts';
import { type Checkpoint, conclude, dueMs, findCheckpoint, fold, type State } from '#domain';
import {
  AppendConflict,
  blobsOf,
  continueCopy,
  type Event,
  type EventLog,
  type ExportedStream,
  entryPages,
  eventCodec,
  type ForkChanges,
  type IndexEntry,
  MalformedEvent,
  type Recorded,
  type StoredEntry,
} from '#events';
import { newOrchestrationId } from './ids.ts';
import type { By, OrchestrationsOptions } from './orchestrations.ts';

/** Where a fork parts from the run that it comes from: after a version, at a checkpoint (id or name), or now. */
export type ForkAt = { readonly version: number } | { readonly checkpoint: string } | 'now';

export interface ForkRequest {
  readonly from: string;
  readonly at: ForkAt;
  readonly changes: ForkChanges;
}

export interface Forked {
  readonly id: string;
  readonly version: number;
  readonly checkpoint: string | null;
  readonly state: State;
}

export interface ForkOptions extends Pick<OrchestrationsOptions, 'policies' | 'now' | 'draw'> {
  readonly log: Pick<EventLog, 'readStored' | 'blob'>;
  /** Puts a whole new stream into the log, or nothing. */
  readonly install: (stream: ExportedStream, index: IndexEntry) => Promise<'installed' | 'there' | 'other'>;
}

/** Starts another run from a copy of the facts of one. @throws {NotFound} {InvalidInput} {RuleViolation} */
export type Fork = (request: ForkRequest, by: By) => Promise<Forked>;

type Known = Exclude<State, { lifecycle: 'absent' }>;

const readAll = async ({ log }: ForkOptions, stream: string): Promise<readonly StoredEntry[]> => {
  const entries: StoredEntry[] = [];
  for await (const page of entryPages((range) => log.readStored(stream, range))) entries.push(...page);
  return entries;
};

const blobsFor = async (
  { log }: ForkOptions,
  stream: string,
  entries: readonly StoredEntry[],
): Promise<ReadonlyMap<string, string>> => {
  const blobs = new Map<string, string>();
  for (const hash of new Set(entries.flatMap(({ body }) => blobsOf(body)))) {
    const content = await log.blob(stream, hash);
    if (content === null)
      throw new MalformedEvent(`${stream} cannot be forked: its blob ${hash} is gone, studio verify ${stream}`, {
        stream,
      });
    blobs.set(hash, content);
  }
  return blobs;
};

/** @throws {NotFound} nothing happened there @throws {InvalidInput} no such version */
const versionOf = (run: Known, at: ForkAt): number => {
  if (at === 'now') return run.head.version;
  if ('checkpoint' in at) return findCheckpoint(run, at.checkpoint).version;
  const { version } = at;
  if (Number.isInteger(version) && version >= 1 && version <= run.head.version) return version;
  throw new InvalidInput('the version', [`${run.id} has versions 1 to ${run.head.version}, not ${version}`]);
};

const isSome = (events: readonly Event[]): events is readonly [Event, ...Event[]] => events.length > 0;

/** A run that is as the other one was at some version, under a name of its own. */
const copied = (events: readonly Recorded[], version: number, stream: string): Known => {
  const state = fold(events.slice(0, version).map((event) => ({ ...event, stream })));
  if (state.lifecycle === 'absent') throw new NotFound(`nothing had happened at version ${version} yet`, { version });
  return state;
};

/** Of two times that compare as text. */
const laterOf = (one: string, other: string): string => (one > other ? one : other);

const checkpointAt = (run: Known, version: number): Checkpoint | undefined =>
  run.checkpoints.find((checkpoint) => checkpoint.version === version);

/**
 * A fork is one write: the copied facts, that it is a fork, and what follows from that. The copy keeps its bytes and so
 * its hashes, and nothing is asked of the other run afterwards.
 */
export const createFork =
  (options: ForkOptions): Fork =>
  async ({ from, at, changes }, { actor, commandId = null, correlationId }) => {
    const { policies, now, draw, install } = options;
    const entries = await readAll(options, from);
    const blobs = await blobsFor(options, from, entries);
    const events = entries.map((entry) => eventCodec.decode(from, entry, (hash) => blobs.get(hash)));
    const whole = fold(events);
    if (whole.lifecycle === 'absent')
      throw new NotFound(`there is no orchestration ${from}: studio list shows the ones there are`, { id: from });
    const version = versionOf(whole, at);
    const id = newOrchestrationId(now());
    const run = copied(events, version, id);
    const checkpoint = checkpointAt(run, version)?.id ?? null;
    const time = laterOf(now().toISOString(), run.updatedAt);
    const context = {
      stream: id,
      now: time,
      draw: draw(),
      actor,
      routing: await policies.routing(run.submission.policy.hash),
    };
    const command = { type: 'fork', from, version, headHash: run.head.hash, checkpoint, changes } as const;
    const { events: facts, after } = conclude(run, command, context);
    if (!isSome(facts)) throw new Error('a fork was decided without a fact');
    const { exported } = continueCopy({
      stream: id,
      entries: entries.slice(0, version),
      blobs,
      events: facts,
      trace: { actor, correlationId: correlationId ?? id, causationId: commandId, time },
    });
    const outcome = await install(exported, { live: after.lifecycle === 'live', dueMs: dueMs(after) });
    if (outcome !== 'installed') throw new AppendConflict(id, 0, exported.head.version);
    return { id, version, checkpoint, state: after };
  };
