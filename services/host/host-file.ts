import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from '#runtime';
import { HostEnvironment } from './host-environment.ts';

/** `.studio/host.json`: where the host of this folder is. Written when it is ready, believed while its process lives. */
const HostDocument = z.object({
  pid: z.int(),
  start: z.string(),
  socketPath: z.string(),
  /** Where it takes calls of programs on its machine. */
  callsPath: z.string().default(''),
  tag: z.string(),
  /** What it was started from; a host of an age before there was this says nothing. */
  build: z.string().default(''),
  environment: HostEnvironment.nullable().default(null),
});
export type HostDocument = z.infer<typeof HostDocument>;

const fileOf = (studioDir: string): string => join(studioDir, 'host.json');

const readFileOf = async (studioDir: string): Promise<HostDocument | null> => {
  const text = await readFile(fileOf(studioDir), 'utf8').catch(() => null);
  return text === null ? null : (HostDocument.safeParse(parseJson(text)).data ?? null);
};

/** The host that runs now, or `null`. What a killed host left behind counts as none. */
export const readHost = async (studioDir: string): Promise<HostDocument | null> => {
  const host = await readFileOf(studioDir);
  return host && isAlive(host) ? host : null;
};

/** Whether the last host was killed. One that was stopped, or had nothing to do, took its file away. */
export const wasKilled = async (studioDir: string): Promise<boolean> => {
  const host = await readFileOf(studioDir);
  return host !== null && !isAlive(host);
};

/** `undefined` is no JSON document, so it fits no schema. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off by a crash
  }
};

export const writeHost = async (studioDir: string, document: HostDocument): Promise<void> => {
  const draft = `${fileOf(studioDir)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(document)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(studioDir));
};

export const removeHost = (studioDir: string): Promise<void> => rm(fileOf(studioDir), { force: true });
