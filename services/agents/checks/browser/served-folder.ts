import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { portOf } from './ports.ts';

/** What a page is usually made of; anything else is some bytes. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** The file that an address means, or `null`. A link out of the workspace leads nowhere. */
const fileAt = async (address: string, folder: string, workspace: string): Promise<string | null> => {
  try {
    const path = decodeURIComponent(new URL(address, 'http://page').pathname);
    const found = await realpath(join(folder, path));
    const file = (await stat(found)).isDirectory() ? join(found, 'index.html') : found;
    return file.startsWith(workspace + sep) && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
};

/** Serves a folder of the workspace on a free port of loopback. */
export const serveFolder = async (folder: string, directory: string): Promise<{ port: number; end: () => void }> => {
  const workspace = await realpath(directory);
  const answer = async ({ url = '/' }: IncomingMessage, response: ServerResponse) => {
    const file = await fileAt(url, folder, workspace);
    if (file === null) return response.writeHead(404).end('There is no such file.');
    response.writeHead(200, { 'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream' });
    return createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  };
  const server = createServer((request, response) => void answer(request, response));
  const end = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: await portOf(server), end };
};
