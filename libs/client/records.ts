import { archiveEnded, checkExported, importStream, readExported } from '#archive';
import { type ImportAnswer, InvalidInput } from '#contracts';
import { type EventLog, type ExportedStream, type ExportSpace, exportLines, parseExports, streamPages } from '#events';
import { createIntakeGuard, createRedisEventLog, unavailable } from '#events/redis';
import { createRedisClaims, listClaims } from '#orchestrations';
import type { Parts } from './parts.ts';
import { readAllStored } from './read-stored.ts';
import type { StoredLog, Studio } from './studio.ts';

type Records = Pick<Studio, 'logs' | 'export' | 'exportAll' | 'import' | 'archive'>;

type Claims = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Payload hash by key, of the runs that were given a key. */
const claimsByRun = async ({ redis, tag }: Parts, wanted: string | null): Promise<Claims> => {
  const found = new Map<string, Map<string, string>>();
  for await (const { key, id, payload } of listClaims(redis, tag)) {
    if (wanted !== null && id !== wanted) continue;
    found.set(id, (found.get(id) ?? new Map()).set(key, payload));
  }
  return found;
};

const PAGE = 1_000;

async function* allStreams(log: Pick<EventLog, 'streams'>): AsyncGenerator<string, void> {
  for await (const page of streamPages(log, 'all', PAGE)) yield* page;
}

/** The logs of an installation. The backlog is kept by the same code under a tag of its own. */
const logsOf = ({ redis, tag, log }: Parts) => ({
  runs: { redis, tag, log },
  backlog: { redis, tag: `${tag}:backlog`, log: createRedisEventLog({ redis, tag: `${tag}:backlog` }) },
});

async function* everyLog(parts: Parts): AsyncGenerator<StoredLog, void> {
  const { runs, backlog } = logsOf(parts);
  for (const { log } of [runs, backlog])
    for await (const stream of allStreams(log))
      yield { stream, head: () => log.head(stream), entries: (to) => readAllStored(log, stream, to) };
}

const createExports = (parts: Parts, resolve: Studio['resolve']): Pick<Records, 'export' | 'exportAll'> => {
  const logs = logsOf(parts);
  async function* linesOf(space: ExportSpace, stream: string, claims: Claims): AsyncGenerator<string, void> {
    const own = space === 'runs' ? (claims.get(stream) ?? new Map()) : new Map();
    yield* exportLines(await readExported({ log: logs[space].log, stream, space, claims: own }));
  }
  return {
    async *export(id) {
      const stream = await resolve(id);
      yield* linesOf('runs', stream, await claimsByRun(parts, stream).catch(unavailable));
    },
    async *exportAll() {
      const claims = await claimsByRun(parts, null).catch(unavailable);
      for (const space of ['backlog', 'runs'] as const)
        for await (const stream of allStreams(logs[space].log)) yield* linesOf(space, stream, claims);
    },
  };
};

/** Every problem of a file, before anything of it is stored. */
const problemsOf = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
  const problems: string[] = [];
  for await (const parsed of parseExports(lines)) {
    if (!parsed.ok) {
      problems.push(...parsed.problems.map(({ line, problem }) => `line ${line} ${problem}`));
      continue;
    }
    const checked = checkExported(parsed);
    if (!('exported' in checked)) problems.push(...checked);
  }
  return problems;
};

const createImport = (parts: Parts): Records['import'] => {
  const { redis, tag } = parts;
  const guard = createIntakeGuard({ redis });
  const logs = logsOf(parts);
  const claims = createRedisClaims(redis, tag);

  const importOne = async (exported: ExportedStream): Promise<ImportAnswer> => {
    await guard();
    const answer = await importStream(logs[exported.space], exported);
    if (answer.outcome === 'refused') return answer;
    for (const [key, payload] of exported.claims) await claims.claim(key, { id: exported.stream, payload });
    return answer;
  };

  return async function* importAll(lines) {
    const problems = await problemsOf(lines());
    if (problems.length > 0) throw new InvalidInput('nothing was imported', problems);
    for await (const parsed of parseExports(lines())) if (parsed.ok) yield await importOne(parsed);
  };
};

const createArchive =
  (parts: Parts): Records['archive'] =>
  async ({ before, dryRun = false }) => {
    const folder = await parts.archiveFolder();
    if (folder === null)
      throw new InvalidInput('no archive', [
        'there is no folder for it: name one that all services and terminals share as retention.folder',
      ]);
    return archiveEnded({ ...parts, folder, before, dryRun });
  };

/** Whole runs: out to files and in from them, and out of Redis when they are old. */
export const createRecords = (parts: Parts, resolve: Studio['resolve']): Records => ({
  logs: () => everyLog(parts),
  ...createExports(parts, resolve),
  import: createImport(parts),
  archive: createArchive(parts),
});
