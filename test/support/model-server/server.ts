import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerSideCall, answerStep, isSideCall, reachedStep } from './answer.ts';
import { anthropic, countTokens } from './protocols/anthropic.ts';
import { chat } from './protocols/chat.ts';
import { gemini } from './protocols/gemini.ts';
import { responses } from './protocols/responses.ts';
import { createRecords, type RecordedRequest, type Records } from './record.ts';
import { askedText, callsSoFar, type ModelRequest, type Protocol } from './request.ts';
import { Fault, type ParsedScenario, Scenario } from './scenario.ts';
import { type Answer, sendAnswer, sendFault, sendJson } from './send.ts';

/**
 * A model provider on loopback that speaks the real protocols and answers what a script says: Anthropic messages, OpenAI
 * chat completions and responses, Gemini; as streams and whole; with tools, structured output, usage and faults.
 *
 * The scenario is chosen by the prefix of the URL, so that any prompt works: `url('hello')` is the base URL for
 * Anthropic's own clients and Gemini's, `url('hello') + '/v1'` for OpenAI's and for those of the AI SDK. What is answered
 * is a function of the request: the message of a person decides the turn, and the tool calls since then the step. So
 * sessions run side by side, resume, and survive a killed server. Only faults that happen once are counted.
 */
export interface ModelServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>/s/<scenario>`, without a slash at the end. */
  readonly url: (scenario: string) => string;
  /** Everything it was asked, oldest first. It has a request as soon as the body is read, before it is answered. */
  readonly requests: readonly RecordedRequest[];
  /** Requests that wait for an answer, held by a silence: their clients have not given up yet. */
  readonly waiting: () => number;
  /** The next requests of a scenario go wrong so, one each; `null` lets one through. */
  readonly inject: (scenario: string, ...faults: readonly (Fault | null)[]) => void;
  /** Ends it, also what it has not answered. */
  readonly close: () => Promise<void>;
}

export interface ModelServerOptions {
  readonly scenarios: Readonly<Record<string, Scenario>>;
  /** Any free port by default. */
  readonly port?: number;
  /** A file that keeps the requests, so that they, and the faults that have happened, survive a killed process. */
  readonly recordsFile?: string;
}

interface Running {
  readonly scenarios: ReadonlyMap<string, ParsedScenario>;
  readonly records: Records;
  /** By number of the request of the scenario, from 0. */
  readonly faults: Map<string, (Fault | null)[]>;
}

const PROTOCOLS: readonly (readonly [RegExp, Protocol])[] = [
  [/\/messages$/, anthropic],
  [/\/chat\/completions$/, chat],
  [/\/responses$/, responses],
  [/\/models\/[^/]+:(stream)?[gG]enerateContent$/, gemini],
];

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
  const body = Buffer.concat(chunks).toString();
  return body === '' ? null : JSON.parse(body);
};

const inject = ({ faults, records }: Running, scenario: string, more: readonly (Fault | null)[]): void => {
  const known = faults.get(scenario) ?? [];
  const next = records.count(scenario);
  const padded = [...known, ...Array.from({ length: Math.max(0, next - known.length) }, () => null)];
  faults.set(scenario, [...padded, ...more]);
};

/** Records the request. @returns the fault that is due now, or `null` */
const take = (running: Running, name: string, request: ModelRequest, body: unknown): Fault | null => {
  const side = isSideCall(request);
  const due = side ? null : running.faults.get(name)?.[running.records.count(name)];
  running.records.add({
    scenario: name,
    protocol: request.protocol,
    model: request.model,
    stream: request.stream,
    asked: askedText(request),
    calls: callsSoFar(request),
    side,
    body,
  });
  return due ?? null;
};

/** What agents ask beside the model. */
const answerOther = (path: string, body: unknown): readonly [status: number, answer: unknown] => {
  if (path.endsWith('/count_tokens')) return [200, countTokens(body)];
  if (path.endsWith(':countTokens')) return [200, { totalTokens: countTokens(body).input_tokens }];
  if (path.endsWith('/models')) return [200, { object: 'list', data: [] }];
  return [404, { error: { type: 'not_found_error', message: `nothing is served at ${path}` } }];
};

interface Exchange {
  readonly running: Running;
  readonly name: string;
  readonly scenario: ParsedScenario;
  readonly protocol: Protocol;
  readonly response: ServerResponse;
  readonly body: unknown;
  readonly path: string;
}

const answer = async ({ running, name, scenario, protocol, response, body, path }: Exchange): Promise<void> => {
  const request = protocol.parse(body, path);
  const due = take(running, name, request, body);
  const to = { response, protocol, request, pieceEveryMs: scenario.pieceEveryMs };
  if (isSideCall(request)) {
    await sendAnswer({ ...to, reply: answerSideCall(request) });
    return;
  }
  const step = reachedStep(scenario, request);
  const full: Answer = { ...to, reply: answerStep(step, request, scenario) };
  const fault = due ?? step.fault;
  if (fault) sendFault(fault, full);
  else await sendAnswer(full);
};

const serve = async (running: Running, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { pathname } = new URL(message.url ?? '/', 'http://localhost');
  const [, name = '', path = pathname] = /^\/s\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
  const body = await readBody(message);
  if (/^\/faults\//.test(pathname)) {
    inject(running, pathname.slice('/faults/'.length), Fault.nullable().array().parse(body));
    sendJson(response, 200, {});
    return;
  }
  const [, protocol] = PROTOCOLS.find(([pattern]) => pattern.test(path)) ?? [];
  const scenario = running.scenarios.get(name);
  if (protocol && scenario) await answer({ running, name, scenario, protocol, response, body, path });
  else if (protocol) sendJson(response, 404, protocol.error(404));
  else sendJson(response, ...answerOther(path, body));
};

export const startModelServer = async (options: ModelServerOptions): Promise<ModelServer> => {
  const entries = Object.entries(options.scenarios).map(
    ([name, scenario]) => [name, Scenario.parse(scenario)] as const,
  );
  const running: Running = {
    scenarios: new Map(entries),
    records: createRecords(options.recordsFile ?? null),
    faults: new Map(entries.map(([name, { faults }]) => [name, [...faults]])),
  };
  const open = new Set<ServerResponse>();
  const server = createServer((message, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    serve(running, message, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { error: { type: 'invalid_request_error', message: String(error) } });
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has a port');
  const { port } = address;
  return {
    port,
    url: (scenario) => `http://127.0.0.1:${port}/s/${scenario}`,
    requests: running.records.all,
    waiting: () => open.size,
    inject: (scenario, ...faults) => inject(running, scenario, faults),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
