import { lookup } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isAllowed, isOwnAddress, parseTarget, type Target } from './hosts.ts';

export interface ProxyOptions {
  /** Hosts for whoever logs in with this word, or for those that do not log in. */
  readonly allow: (login: string | null) => readonly string[];
  /** A proxy that this machine itself has to use, as `http://host:port`. */
  readonly upstream?: string | undefined;
  /** Told of every connection that was not allowed, as `host:port`. */
  readonly refused: (target: string) => void;
}

const nameOf = ({ host, port }: Target) => `${host}:${port}`;

const refusal = (target: string) =>
  `the sandbox does not allow ${target}: name it under sandbox.allow in .studio/config.yaml\n`;

/** A name that is allowed must not lead back to this machine. */
const outside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const found = addresses.filter(({ address }) => !isOwnAddress(address));
    const [first] = found;
    if (first === undefined) return callback(new Error(`${hostname} leads to this machine`), '', 0);
    if (options.all) return callback(null, found);
    return callback(null, first.address, first.family);
  });
};

const answer = (socket: Duplex, status: string, text: string) =>
  socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${text}`);

const join = (client: Duplex, remote: Socket) => {
  remote.on('error', () => client.destroy());
  client.on('error', () => remote.destroy());
  remote.on('close', () => client.destroy());
  client.on('close', () => remote.destroy());
  client.pipe(remote).pipe(client);
};

/** Asks the proxy of the machine for the connection. */
const throughUpstream = (upstream: string, target: Target, client: Duplex) => {
  const { hostname, port, username, password } = new URL(upstream);
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const headers = username === '' ? {} : { 'proxy-authorization': `Basic ${login}` };
  const asked = send({ host: hostname, port: port || 80, method: 'CONNECT', path: nameOf(target), headers });
  asked.on('connect', ({ statusCode }, remote) => {
    if (statusCode === 200) {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      return join(client, remote as Socket);
    }
    remote.destroy();
    return answer(client, '502 Bad Gateway', `the proxy of this machine answered ${statusCode}\n`);
  });
  asked.on('error', (error) => answer(client, '502 Bad Gateway', `${error.message}\n`));
  asked.end();
};

const tunnel = (target: Target, client: Duplex) => {
  const remote = connect({ ...target, ...(isIP(target.host) ? {} : { lookup: outside }) });
  remote.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    join(client, remote);
  });
  remote.once('error', (error) => answer(client, '502 Bad Gateway', `${nameOf(target)}: ${error.message}\n`));
  client.on('error', () => remote.destroy());
};

/** Plain HTTP: the request is sent on as it is, but for what concerns the way to us. */
const forward = (target: Target, url: URL, incoming: IncomingMessage, response: ServerResponse, upstream?: string) => {
  const headers = { ...incoming.headers };
  for (const name of ['proxy-connection', 'proxy-authorization']) delete headers[name];
  const at = upstream === undefined ? null : new URL(upstream);
  const outgoing = send({
    host: at?.hostname ?? target.host,
    port: at === null ? target.port : at.port || 80,
    path: at === null ? `${url.pathname}${url.search}` : url.href,
    method: incoming.method,
    headers,
    ...(at === null && !isIP(target.host) ? { lookup: outside } : {}),
  });
  outgoing.on('response', (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  outgoing.on('error', (error) => {
    if (!response.headersSent) response.writeHead(502);
    response.end(`${nameOf(target)}: ${error.message}\n`);
  });
  incoming.pipe(outgoing);
};

/** The password with which a program came, if any. */
const loginOf = ({ headers }: IncomingMessage): string | null => {
  const [, encoded] = /^Basic (\S+)$/i.exec(headers['proxy-authorization'] ?? '') ?? [];
  return encoded === undefined
    ? null
    : Buffer.from(encoded, 'base64')
        .toString()
        .replace(/^[^:]*:/, '');
};

/** An HTTP proxy that connects to named hosts only. It listens nowhere: connections are handed to it. */
export const createProxy = ({ allow, upstream, refused }: ProxyOptions): Server => {
  const server = createServer((incoming, response) => {
    const url = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : null;
    const target = url?.protocol === 'http:' ? parseTarget(url.host, 80) : null;
    if (url === null || target === null) {
      response.writeHead(400).end('this is a proxy for http and CONNECT\n');
      return;
    }
    if (isAllowed(target, allow(loginOf(incoming)))) return forward(target, url, incoming, response, upstream);
    refused(nameOf(target));
    response.writeHead(403, { 'content-type': 'text/plain' }).end(refusal(nameOf(target)));
  });
  server.on('connect', (incoming: IncomingMessage, client: Duplex) => {
    client.on('error', () => client.destroy());
    const target = parseTarget(incoming.url ?? '');
    if (target === null) return answer(client, '400 Bad Request', 'CONNECT names a host and a port\n');
    if (!isAllowed(target, allow(loginOf(incoming)))) {
      refused(nameOf(target));
      return answer(client, '403 Forbidden', refusal(nameOf(target)));
    }
    return upstream === undefined ? tunnel(target, client) : throughUpstream(upstream, target, client);
  });
  return server;
};
