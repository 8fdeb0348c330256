import type { Redis } from 'ioredis';
import { type ImportAnswer, OrchestrationId, StudioError } from '#contracts';
import { absent, dueMs, fold, type State } from '#domain';
import {
  ArchiveUnreadable,
  type EventLog,
  type ExportedStream,
  eventCodec,
  type IndexEntry,
  verifyExport,
} from '#events';
import { createInstallStream } from '#events/redis';

/** One log: the runs, or the backlog under a tag of its own. */
export interface LogPlace {
  readonly redis: Redis;
  readonly tag: string;
  readonly log: Pick<EventLog, 'head' | 'readStored' | 'policy' | 'putPolicy'>;
}

type Refusal = readonly string[];
type Verified = { readonly exported: ExportedStream; readonly index: IndexEntry };

const isRefusal = (checked: Verified | Refusal): checked is Refusal => Array.isArray(checked);

const stateOf = ({ stream, entries, blobs }: ExportedStream): State =>
  fold(
    entries.map((entry) => eventCodec.decode(stream, entry, (hash) => blobs.get(hash))),
    absent,
  );

/** Where a run stands, from its own facts. @throws {MalformedEvent} {NewerEvent} */
const indexOf = (exported: ExportedStream): IndexEntry => {
  if (exported.space === 'backlog') return { live: true, dueMs: null };
  const state = stateOf(exported);
  return { live: state.lifecycle === 'live', dueMs: dueMs(state) };
};

/**
 * Everything that can be said of an exported stream without looking at a log: its hashes, its facts, where it stands.
 * @returns what is wrong with it, or the stream ready to be installed
 */
export const checkExported = (exported: ExportedStream): Verified | Refusal => {
  const { space, stream, head } = exported;
  const problem = (text: string): Refusal => [`${stream}: ${text}`];
  if (space === 'runs' && !OrchestrationId.safeParse(stream).success) return problem('is not the id of a run');
  if (head.version === 0) return problem('it has no events');
  const verdict = verifyExport(exported);
  if (!verdict.ok) return problem(`event ${verdict.version}: ${verdict.reason}`);
  try {
    return { exported, index: indexOf(exported) };
  } catch (error) {
    if (error instanceof StudioError) return problem(error.message);
    throw error;
  }
};

/** @returns why the stream that is there is not the one of the file, `null` when it is, and `absent` when none is there */
const compareWithLog = async (
  { log }: LogPlace,
  { stream, head }: ExportedStream,
): Promise<string | null | 'absent'> => {
  const there = await log.head(stream);
  if (there.version === 0) return 'absent';
  if (there.version < head.version)
    return `it is there at version ${there.version}, the file has ${head.version}: what is there would have to be removed first`;
  try {
    const [same] = await log.readStored(stream, { after: head.version - 1, limit: 1 });
    if (same?.hash === head.hash) return null;
  } catch (error) {
    // It was moved to a file that is gone, and comes back with this one.
    if (error instanceof ArchiveUnreadable && there.hash === head.hash) return 'absent';
    throw error;
  }
  return `another run has this id: event ${head.version} has another hash there`;
};

/** Stores the policies that the stream names, so that it can be decided and verified here. @returns the one that is missing */
const bringPolicies = async ({ log }: LogPlace, { exported, index }: Verified): Promise<string | null> => {
  for (const [hash, content] of exported.policies) await log.putPolicy(hash, content);
  if (!index.live || exported.space !== 'runs') return null;
  const state = stateOf(exported);
  const hash = state.lifecycle === 'absent' ? null : state.submission.policy.hash;
  return hash !== null && (await log.policy(hash)) === null ? hash : null;
};

/**
 * Brings an exported stream into a log: whole or not at all, and only where its id is free. What lives goes on, because
 * the router is told of it as of any append.
 * @throws {Unavailable}
 */
export const importStream = async (place: LogPlace, exported: ExportedStream): Promise<ImportAnswer> => {
  const { stream, space, head } = exported;
  const answer = (outcome: ImportAnswer['outcome'], live: boolean, problems: readonly string[] = []): ImportAnswer => ({
    id: stream,
    space,
    outcome,
    version: head.version,
    live,
    problems: [...problems],
  });
  const checked = checkExported(exported);
  if (isRefusal(checked)) return answer('refused', false, checked);
  const { live } = checked.index;
  const differs = await compareWithLog(place, exported);
  if (differs === null) return answer('already_there', live);
  if (differs !== 'absent') return answer('refused', live, [`${stream}: ${differs}`]);
  const missing = await bringPolicies(place, checked);
  if (missing) return answer('refused', live, [`${stream}: neither the file nor this log has its policy ${missing}`]);
  const reply = await createInstallStream(place)(exported, checked.index);
  // Another import of the same file was first.
  if (reply === 'there') return importStream(place, exported);
  return reply === 'installed'
    ? answer('imported', live)
    : answer('refused', live, [`${stream}: another run with this id was stored meanwhile`]);
};
