import type { RequestError } from '@agentclientprotocol/sdk/unstable';
import type { FailureCategory, ProviderFault } from '#contracts';
import { windowEnd } from '#domain';
import type { EngineFailure } from '../engine.ts';

/** A conversation with an agent cannot go on. It leaves the engine as its `failure`, never as an error. */
export class AgentTrouble extends Error {
  readonly failure: EngineFailure;
  constructor(failure: EngineFailure) {
    super(failure.outcome === 'failed' ? failure.error : failure.reason);
    this.failure = failure;
  }
}

export const failed = (
  error: string,
  more: { readonly category?: FailureCategory; readonly provider?: ProviderFault; readonly until?: string } = {},
): AgentTrouble => new AgentTrouble({ outcome: 'failed', error, ...more });

export const cannot = (reason: string, unblock: string): AgentTrouble =>
  new AgentTrouble({ outcome: 'cannot', reason, unblock });

/** JSON-RPC, and what the protocol adds to it. */
const AUTH_REQUIRED = -32000;
const UNAVAILABLE = new Set([-32601]);

const FAULTS: readonly (readonly [ProviderFault, RegExp])[] = [
  ['refused_key', /\b40[13]\b|authenticat|unauthori[sz]ed|invalid (?:x-)?api.?key|not logged in|log ?in required/i],
  ['quota', /\b429\b|\brate.?limit|\bquota\b|usage limit|insufficient (?:credit|balance|funds)|billing/i],
  ['down', /\b5\d\d\b|server_error|overloaded|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|fetch failed|socket hang up/i],
];

const CATEGORIES: Readonly<Record<ProviderFault, FailureCategory>> = {
  refused_key: 'blocker',
  quota: 'transient',
  down: 'transient',
};

const textOf = (data: unknown): string => {
  if (data === undefined || data === null) return '';
  return typeof data === 'string' ? data : JSON.stringify(data);
};

/** How to log in, as far as the agent says. */
const loginOf = (error: RequestError, methods: readonly string[]): string => {
  if (error.code !== AUTH_REQUIRED) return '';
  const ways = methods.length > 0 ? ` (${methods.join(', ')})` : '';
  return `; log in with the agent's own command${ways}, or set the variable that holds its key`;
};

/** What an error answer of an agent means: whose fault it is, and whether it passes by itself. */
export const judgeError = (
  name: string,
  doing: string,
  error: RequestError,
  loginMethods: readonly string[],
): AgentTrouble => {
  const details = textOf(error.data);
  const said = details === '' ? error.message : `${error.message}: ${details}`;
  const text = `engine ${name}: the agent refused ${doing} (${error.code}): ${said}${loginOf(error, loginMethods)}`;
  const provider = error.code === AUTH_REQUIRED ? 'refused_key' : FAULTS.find(([, pattern]) => pattern.test(said))?.[0];
  if (provider === undefined) return failed(text, UNAVAILABLE.has(error.code) ? { category: 'blocker' } : {});
  const until = provider === 'refused_key' ? null : windowEnd(said, new Date().toISOString());
  return failed(text, { provider, category: CATEGORIES[provider], ...(until !== null && { until }) });
};

const STOPS: Readonly<Record<string, { readonly error: string; readonly category: FailureCategory }>> = {
  refusal: { error: 'the model refused to do this (refusal): say it in other words', category: 'blocker' },
  max_tokens: { error: 'the answer grew too long and was cut off (max_tokens)', category: 'code_error' },
  max_turn_requests: {
    error: 'the agent called its model as often as it may in one turn (max_turn_requests)',
    category: 'code_error',
  },
  cancelled: { error: 'the agent ended its turn as cancelled, and nobody cancelled it', category: 'transient' },
};

/** Why a turn did not end by itself; `null` when it did, which says nothing of what was done in it. */
export const judgeStop = (name: string, stopReason: string): AgentTrouble | null => {
  const stop = STOPS[stopReason];
  if (stop) return failed(`engine ${name}: ${stop.error}`, { category: stop.category });
  return stopReason === 'end_turn'
    ? null
    : failed(`engine ${name}: the agent stopped for an unknown reason (${stopReason})`);
};
