import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isWebAddress } from '#domain';
import type { PageRequest } from './browser.ts';
import { freePort } from './ports.ts';
import { serveFolder } from './served-folder.ts';
import { serve } from './server.ts';

export interface Place {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

/** Where the page is, now that it is served. */
export interface Address {
  readonly url: string;
  /** In a text of the check, what stands for the free port is that port. */
  readonly fill: (text: string) => string;
  /** Why nothing is served there, or `null`. */
  readonly why: string | null;
  /** The end of what the server printed. */
  readonly said: () => string;
  readonly end: () => void;
}

const QUIET = { said: () => '', end: () => undefined };

/** A page of the workspace: its folder is what a server of it would serve. */
const addressOfPath = async (path: string, { directory }: Place): Promise<Address> => {
  const [, file = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(path) ?? [];
  const fill = (text: string) => text;
  const isThere = await access(join(directory, file)).then(
    () => true,
    () => false,
  );
  if (!isThere) return { ...QUIET, url: path, fill, why: `there is no ${file}` };
  const { port, end } = await serveFolder(join(directory, dirname(file)), directory);
  return {
    ...QUIET,
    url: `http://127.0.0.1:${port}/${encodeURIComponent(basename(file))}${rest}`,
    fill,
    why: null,
    end,
  };
};

/** Finds or makes the place where the page is. Whatever it started is there until `end`. */
export const addressOf = async (request: PageRequest, place: Place): Promise<Address> => {
  if (!isWebAddress(request.url)) return addressOfPath(request.url, place);
  const port = String(await freePort());
  const fill = (text: string) => text.replaceAll('{port}', port);
  const url = fill(request.url);
  if (request.serve === undefined) return { ...QUIET, url, fill, why: null };
  const environment = { ...place.environment, PORT: request.url.includes('{port}') ? port : new URL(url).port };
  return { url, fill, ...(await serve({ ...place, command: fill(request.serve), url, environment })) };
};
