import { access, constants, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { isWithin, type Mount } from './mounts.ts';
import type { SandboxData } from './policy.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

const existing = async (paths: readonly string[]): Promise<readonly string[]> => {
  const found = await Promise.all(paths.map(exists));
  return paths.filter((_, index) => found[index]);
};

const asItIs = async (path: string): Promise<readonly Mount[]> => {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return [];
  if (stats.isSymbolicLink()) return [{ kind: 'link', path, target: await readlink(path) }];
  return [{ kind: 'read', path }];
};

/** Where the names of hosts come from is often a link into a folder that is not shown. */
const resolver = async (): Promise<readonly Mount[]> => {
  const file = '/etc/resolv.conf';
  const real = await realpath(file).catch(() => file);
  return real === file || isWithin(real, '/etc') ? [] : [{ kind: 'read', path: real }];
};

const hiding = async (path: string): Promise<readonly Mount[]> => {
  const stats = await lstat(path).catch(() => null);
  // What this process cannot read, a program in the sandbox cannot read either, and bubblewrap cannot cover it.
  const readable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (stats === null || !readable || stats.isSymbolicLink()) return [];
  return [{ kind: stats.isDirectory() ? 'hide-folder' : 'hide-file', path }];
};

/** What others than its owner and his group may read, or enter where it is a folder. */
const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;

const modeOf = async (path: string): Promise<number> => (await lstat(path).catch(() => null))?.mode ?? 0o777;

/**
 * What root alone may read below a folder: its rights in a sandbox are those of an owner still, so it has to be hidden. A
 * program of anybody else cannot read it anyway.
 */
export const ofRootAlone = async (folder: string): Promise<readonly Mount[]> => {
  if (process.getuid?.() !== 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map(async (entry): Promise<readonly Mount[]> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return (await modeOf(path)) & OTHERS_ENTER ? ofRootAlone(path) : [{ kind: 'hide-folder', path }];
    return !entry.isFile() || (await modeOf(path)) & OTHERS_READ ? [] : [{ kind: 'hide-file', path }];
  });
  return (await Promise.all(found)).flat();
};

/** What makes the programs of a folder of the PATH work: themselves, and what is installed beside them. */
const PREFIX = ['lib', 'lib64', 'libexec', 'share', 'include'];

const besides = (folder: string): readonly string[] => {
  const name = basename(folder);
  if (name === '.bin') return [dirname(folder)];
  return name === 'bin' || name === 'sbin' ? [folder, ...PREFIX.map((part) => join(dirname(folder), part))] : [folder];
};

/** On WSL the PATH leads to programs of Windows, which no sandbox of this system holds. */
const isForeign = (path: string) => isWithin(path, '/mnt');

const onThePath = async (path: string, shown: readonly string[], home: string): Promise<readonly string[]> => {
  const folders = path.split(delimiter).filter((folder) => folder.startsWith('/') && !isForeign(folder));
  const places = await existing([...new Set(folders.map((folder) => folder.replace(/(.)\/+$/, '$1')))]);
  const isOpen = (place: string) => shown.some((folder) => isWithin(place, folder)) || isWithin(home, place);
  const wanted = places.filter((place) => !isOpen(place)).flatMap(besides);
  return existing([...new Set(wanted)].filter((place) => !isOpen(place)));
};

/** Certificates that variables name, wherever they lie. */
const CERTIFICATES = /(?:^|_)(?:CERTS?|CA|CAINFO|CAFILE)(?:_|$)/;

const certificates = async (variables: Environment): Promise<readonly string[]> =>
  existing(
    Object.entries(variables).flatMap(([name, value]) =>
      CERTIFICATES.test(name) && value?.startsWith('/') ? [value] : [],
    ),
  );

export interface SystemViewRequest {
  readonly data: SandboxData;
  /** The home folder of commands, or `null` where it is none that can be replaced. */
  readonly home: string | null;
  /** The environment of commands. */
  readonly variables: Environment;
  /** See `ofRootAlone`. */
  readonly secrets: readonly Mount[];
}

/** The system and the tool chains: what a command has to read, and nothing that is somebody's. */
export const systemView = async ({ data, home, variables, secrets }: SystemViewRequest): Promise<readonly Mount[]> => {
  const [system, tools, resolving, hidden, named] = await Promise.all([
    Promise.all(data.system.map(asItIs)),
    home === null ? [] : existing(data.tools.map((tool) => join(home, tool))),
    resolver(),
    Promise.all(data.hidden.map(hiding)),
    certificates(variables),
  ]);
  const shown = [...data.system, ...tools];
  const more = await onThePath(
    [variables.PATH ?? '', dirname(process.execPath)].join(delimiter),
    shown,
    home ?? '/root',
  );
  const outside = named.filter((path) => !shown.some((folder) => isWithin(path, folder)));
  return [
    ...system.flat(),
    ...resolving,
    ...[...tools, ...more, ...outside].map((path): Mount => ({ kind: 'read', path })),
    ...secrets,
    ...hidden.flat(),
  ];
};

/** A home folder that can be replaced as a whole: no folder of the system, and not one that holds others. */
export const replaceableHome = (home: string | undefined, data: SandboxData): string | null => {
  if (home === undefined || !home.startsWith('/') || home === '/') return null;
  const place = home.replace(/\/+$/, '');
  return data.system.some((folder) => isWithin(folder, place) || isWithin(place, folder)) ? null : place;
};
