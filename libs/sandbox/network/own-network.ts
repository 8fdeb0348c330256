import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, Server, type Socket } from 'node:net';
import * as z from 'zod';
import { createProxy, type ProxyOptions } from './proxy.ts';

/** Listens inside, hands each listener to its parent, and ends: whoever holds a listener accepts from inside. */
const LISTEN = `
const { createServer } = require('node:net');
const ports = JSON.parse(process.argv[1]);
let left = ports.length;
for (const port of ports) {
  const server = createServer().listen(port, '127.0.0.1', () =>
    process.send({ port, holder: process.ppid }, server, () => { left -= 1; if (left === 0) process.exit(); }));
}`;

/** Keeps the network when the listeners are handed over, for as long as its standard input is open. */
const HOLD = '"$0" -e "$1" "$2" && exec cat 3>&-';

/** Port 0 is the proxy; the others are ports of this machine. */
const Handed = z.object({ port: z.int(), holder: z.int() });

export interface OwnNetwork {
  /** How a program is started in it. */
  readonly enter: readonly string[];
  /** How programs find the proxy. @param login a word that `allow` knows */
  readonly variables: (login?: string) => Readonly<Record<string, string>>;
  readonly end: () => void;
}

export interface OwnNetworkOptions extends ProxyOptions {
  readonly bubblewrap: string;
  /** Ports of this machine that are reached under the same number inside. */
  readonly localPorts: readonly number[];
  readonly nsenter: string;
  /** Of this process: carries the mark by which survivors are found. */
  readonly env: Readonly<Record<string, string>>;
}

const ENTER = ['-U', '-n', '--preserve-credentials'];
const IDLE_MS = 30_000;

/**
 * A network of its own: a loopback that nobody outside shares, and one way out, a proxy that knows the allowed hosts.
 * The proxy runs in this process: its listener was opened inside and handed out, so there is no socket to guard and
 * nothing that runs beside the commands but a `cat`.
 * @throws when the system cannot do it
 */
export const openOwnNetwork = async (options: OwnNetworkOptions): Promise<OwnNetwork> => {
  const { bubblewrap, nsenter, env, localPorts } = options;
  const ports = [0, ...localPorts];
  const isolated = ['--dev-bind', '/', '/', '--unshare-user', '--unshare-net', '--die-with-parent', '--'];
  const args = [...isolated, 'sh', '-c', HOLD, process.execPath, LISTEN, JSON.stringify(ports)];
  const holder = spawn(bubblewrap, args, { detached: true, stdio: ['pipe', 'ignore', 'pipe', 'ipc'], env: { ...env } });
  holder.stdin?.on('error', () => undefined);
  try {
    const { listeners, pid } = await received(holder, ports.length);
    const proxyPort = serve(listeners, createProxy(options));
    letRun(holder);
    return {
      enter: [nsenter, '-t', String(pid), ...ENTER],
      variables: (login) =>
        proxyVariables(`http://${login === undefined ? '' : `engine:${login}@`}127.0.0.1:${proxyPort}`),
      end: () => {
        for (const { server } of listeners) server.close();
        holder.stdin?.end();
        holder.kill('SIGKILL');
      },
    };
  } catch (error) {
    holder.kill('SIGKILL');
    throw error;
  }
};

interface Listener {
  readonly port: number;
  readonly server: Server;
}

const received = async (holder: ChildProcess, count: number) => {
  const listeners: Listener[] = [];
  let said = '';
  holder.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-1_000);
  });
  let pid = 0;
  const all = new Promise<void>((resolve, reject) => {
    const give = (why: string) => reject(new Error(said.trim() || why));
    const timer = setTimeout(give, IDLE_MS, 'no network of its own was there in time');
    holder.on('message', (message, handle) => {
      const { port, holder: found } = Handed.parse(message);
      if (!(handle instanceof Server)) return;
      pid = found;
      listeners.push({ port, server: handle });
      if (listeners.length < count) return;
      clearTimeout(timer);
      resolve();
    });
    const end = (why: string) => {
      clearTimeout(timer);
      give(why);
    };
    holder.once('error', (error) => end(error.message));
    once(holder, 'close').then(
      () => end('the process that holds the network ended at once'),
      () => undefined,
    );
  });
  await all;
  return { listeners, pid };
};

const serve = (listeners: readonly Listener[], proxy: ReturnType<typeof createProxy>): number => {
  let proxyPort = 0;
  for (const { port, server } of listeners) {
    server.unref();
    if (port === 0) {
      const address = server.address();
      proxyPort = typeof address === 'object' && address !== null ? address.port : 0;
      server.on('connection', (socket: Socket) => proxy.emit('connection', socket));
    } else server.on('connection', (socket: Socket) => relay(socket, port));
  }
  return proxyPort;
};

const relay = (client: Socket, port: number) => {
  const local = connect({ host: '127.0.0.1', port });
  client.on('error', () => local.destroy());
  local.on('error', () => client.destroy());
  client.on('close', () => local.destroy());
  local.on('close', () => client.destroy());
  client.pipe(local).pipe(client);
};

/** It must not keep this process from ending: it ends with it. */
const letRun = (holder: ChildProcess) => {
  holder.removeAllListeners('message');
  if (holder.connected) holder.disconnect();
  holder.stderr?.destroy();
  holder.unref();
  if (holder.stdin && 'unref' in holder.stdin && typeof holder.stdin.unref === 'function') holder.stdin.unref();
};

const proxyVariables = (url: string): Readonly<Record<string, string>> => {
  const own = 'localhost,127.0.0.1,::1';
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
  return { ...Object.fromEntries(names.map((name) => [name, url])), NO_PROXY: own, no_proxy: own };
};
