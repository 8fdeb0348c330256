import type { ProviderFault } from '#contracts';
import type { EngineFailure } from '../engine.ts';
import type { KnownAgent } from '../known-agents.ts';
import type { AgentFault } from './adapter.ts';

const WORDS: readonly (readonly [RegExp, ProviderFault])[] = [
  [/usage limit|rate.?limit|too many requests|quota|credit balance|billing|hit your limit/i, 'quota'],
  [
    /api.?key|unauthori[sz]ed|unauthenticated|authenticat|not logged in|log ?in again|\/login|credential|auth method/i,
    'refused_key',
  ],
  [/overloaded|network error|connection|disconnected|timed? ?out|fetch failed|ENOTFOUND|ECONN|unavailable/i, 'down'],
];

const byStatus = (status: number): ProviderFault | null => {
  if (status === 401 || status === 403) return 'refused_key';
  if (status === 402 || status === 429) return 'quota';
  return status >= 500 || status === 408 ? 'down' : null;
};

/** A quota that is used up is told with status 400 by some, and a refused key with 400 by others: words tell then. */
const faultOf = ({ error, status = null, provider }: AgentFault): ProviderFault | null => {
  if (provider) return provider;
  const told = status === null ? null : byStatus(status);
  return told ?? WORDS.find(([pattern]) => pattern.test(error))?.[1] ?? null;
};

/** What an agent says that went wrong, as an outcome: whose fault it is, and what a person can do about it. */
export const failureOf = (
  { name, agent }: { readonly name: string; readonly agent: KnownAgent },
  fault: AgentFault,
  until: string | null,
): EngineFailure => {
  const error = `engine ${name}: ${fault.error}`;
  if (fault.budget)
    return { outcome: 'failed', category: 'blocker', error: `${error}\nIt ended where its budget did.` };
  const provider = faultOf(fault);
  if (provider === 'refused_key') {
    const [variable] = agent.keys;
    const help = `Log in with \`${agent.program}\`${variable ? `, or set ${variable}` : ''}, then retry.`;
    return { outcome: 'failed', provider, category: 'blocker', error: `${error}\n${help}` };
  }
  if (provider === null) return { outcome: 'failed', error };
  return {
    outcome: 'failed',
    provider,
    error,
    ...(provider === 'down' && { category: 'transient' }),
    ...(until && { until }),
  };
};
