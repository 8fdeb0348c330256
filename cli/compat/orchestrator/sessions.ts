import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssignmentDocument } from '#contracts';
import { parseJson } from '../parse-json.ts';
import type { ScriptIo } from '../script-io.ts';
import { studioDirOf } from './open-client.ts';
import type { PluginState } from './plugin-state.ts';

/** What lies in `$STUDIO_DIR/orchestration`: which session is meant, and sessions as files for people and tools. */
export interface Sessions {
  /** The one that ORCH_SESSION_ID names, else the last that was initialized here; `null` without any. */
  current(): string | null;
  setCurrent(id: string): void;
  /** Writes `state.json`, and with a checkpoint its file too. The log is the truth: these can go at any time. */
  project(state: PluginState, checkpoint?: string): void;
  /** Remembers the work of a run that was taken here; `null`: it was handed in. */
  keepWork(id: string, work: AssignmentDocument | null): void;
  /** The lease under which it was taken, or `null`. */
  leaseOf(id: string): number | null;
  /** @returns whether there was anything */
  remove(id: string): boolean;
}

const versionIn = (text: string): number => {
  const document = parseJson(text);
  const version = typeof document === 'object' && document && 'version' in document ? document.version : 0;
  return typeof version === 'number' ? version : 0;
};

const leaseIn = (text: string): number | null => {
  // Written by `keepWork` and nobody else; what cannot be read counts as not there.
  const work = parseJson(text) as AssignmentDocument | undefined;
  return work?.assignment?.held?.lease ?? null;
};

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** Whole or not at all: a reader never sees half a document. */
const replace = (path: string, text: string): void => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
};

/** Ids become names of folders that are removed, so nothing else may be taken for one. */
export const isSessionId = (id: string): boolean => /^orch_[0-9a-z_]{1,64}$/i.test(id);

export const sessionsOf = (io: Pick<ScriptIo, 'cwd' | 'env'>): Sessions => {
  const folder = join(studioDirOf(io), 'orchestration');
  const currentFile = join(folder, '.current');
  const remembered = (): string | null => {
    const id = read(currentFile)?.trim() ?? '';
    return isSessionId(id) ? id : null; // A file that somebody spoiled names no session.
  };
  return {
    current: () => io.env.ORCH_SESSION_ID || remembered(),
    setCurrent: (id) => {
      mkdirSync(folder, { recursive: true });
      replace(currentFile, `${id}\n`);
    },
    project: (state, checkpoint) => {
      const session = join(folder, state.id);
      const text = `${JSON.stringify(state, null, 2)}\n`;
      mkdirSync(session, { recursive: true });
      const file = join(session, 'state.json');
      // Of two scripts that end at once the later fact stays.
      if (versionIn(read(file) ?? '') <= state.version) replace(file, text);
      if (checkpoint !== undefined) replace(join(session, `${checkpoint}.json`), text);
    },
    keepWork: (id, work) => {
      const file = join(folder, id, 'work.json');
      if (work === null) return rmSync(file, { force: true });
      mkdirSync(join(folder, id), { recursive: true });
      replace(file, `${JSON.stringify(work, null, 2)}\n`);
    },
    leaseOf: (id) => leaseIn(read(join(folder, id, 'work.json')) ?? ''),
    remove: (id) => {
      const session = join(folder, id);
      const was = read(join(session, 'state.json')) !== null;
      rmSync(session, { recursive: true, force: true });
      if (remembered() === id) rmSync(currentFile, { force: true });
      return was;
    },
  };
};
