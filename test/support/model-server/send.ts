import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelRequest, Piece, Protocol, Reply } from './request.ts';
import type { Fault } from './scenario.ts';

export interface Answer {
  readonly response: ServerResponse;
  readonly protocol: Protocol;
  readonly request: ModelRequest;
  readonly reply: Reply;
  readonly pieceEveryMs: number | undefined;
}

const STREAM = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const JSON_TYPE = { 'content-type': 'application/json' };

const framed = ({ event, data }: Piece): string => `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`;

export const sendJson = (response: ServerResponse, status: number, body: unknown, headers: object = {}): void => {
  response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
};

const framesOf = ({ protocol, reply, request }: Answer): readonly string[] =>
  protocol.pieces(reply, request).map(framed);

/** The whole answer, as a stream where the client wants one. */
export const sendAnswer = async (answer: Answer): Promise<void> => {
  const { response, protocol, request, reply, pieceEveryMs } = answer;
  if (!request.stream) {
    sendJson(response, 200, protocol.whole(reply));
    return;
  }
  response.writeHead(200, STREAM);
  for (const frame of framesOf(answer)) {
    if (response.destroyed) return;
    response.write(frame);
    if (pieceEveryMs !== undefined) await sleep(pieceEveryMs);
  }
  response.end();
};

/** Sends the first half of the answer. @returns what to do once it is on its way */
const sendHalf = (answer: Answer, then: () => void): void => {
  const { response, request, protocol, reply } = answer;
  if (request.stream) {
    const frames = framesOf(answer);
    response.writeHead(200, STREAM).write(frames.slice(0, Math.ceil(frames.length / 2)).join(''), then);
    return;
  }
  const whole = JSON.stringify(protocol.whole(reply));
  response.writeHead(200, { ...JSON_TYPE, 'content-length': Buffer.byteLength(whole) });
  response.write(whole.slice(0, whole.length / 2), then);
};

const sendMalformed = ({ response, request, protocol, reply }: Answer): void => {
  if (request.stream) {
    const [first, ...rest] = protocol.pieces(reply, request);
    const broken = rest.map((piece) => ({ ...piece, data: piece.data.slice(0, -2) }));
    const frames = [...(first ? [first] : []), ...broken].map(framed);
    response.writeHead(200, STREAM).end(frames.join(''));
    return;
  }
  response.writeHead(200, JSON_TYPE).end(JSON.stringify(protocol.whole(reply)).slice(0, -3));
};

/** Goes wrong as the fault says. */
export const sendFault = (fault: Fault, answer: Answer): void => {
  const { response, protocol } = answer;
  switch (fault.kind) {
    case 'status': {
      const headers = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) };
      sendJson(response, fault.status, protocol.error(fault.status), headers);
      break;
    }
    case 'quota':
      sendJson(response, protocol.quota.status, protocol.quota.body);
      break;
    case 'drop':
      sendHalf(answer, () => response.destroy());
      break;
    case 'malformed':
      sendMalformed(answer);
      break;
    case 'silence':
      if (fault.after === 'begun') sendHalf(answer, () => undefined);
  }
};
