/** What an engine claims of itself beyond what all can. The suite holds it to that, and to what it does not claim. */
export interface EngineClaims {
  /** Engine of the capability matrix. */
  readonly engine: 'recipes' | 'command' | 'acp' | 'model' | 'human' | 'preset';
  /** It asks before it plans, where something is open. */
  readonly questions: boolean;
  /** Calls of a model that one request for a plan takes, each told of as `ONE_CALL`; 0: it uses none. */
  readonly calls: number;
  /** It says what they cost; else that is known from prices. */
  readonly cost: boolean;
  /** A later request goes on with its conversation. */
  readonly sessions: boolean;
}

/** As every scripted model and agent of the tests counts: 1000 tokens, 200 from a cache, 50 back. */
export const ONE_CALL = { input_tokens: 1_200, cached_tokens: 200, cache_write_tokens: 0, output_tokens: 50 };

const FREE = { calls: 0, cost: false, sessions: false } as const;

/** By the name of the subject in the suite. */
export const CLAIMS = {
  recipes: { engine: 'recipes', questions: true, ...FREE },
  'command, in Python': { engine: 'command', questions: false, ...FREE },
  'command, in bash': { engine: 'command', questions: false, ...FREE },
  'command that asks, and tells what it used': {
    engine: 'command',
    questions: true,
    calls: 2,
    cost: true,
    sessions: false,
  },
  acp: { engine: 'acp', questions: true, calls: 1, cost: true, sessions: true },
  model: { engine: 'model', questions: true, calls: 1, cost: false, sessions: false },
  human: { engine: 'human', questions: true, ...FREE },
  'preset claude': { engine: 'preset', questions: true, calls: 1, cost: true, sessions: false },
  'preset opencode': { engine: 'preset', questions: true, calls: 1, cost: true, sessions: false },
} as const satisfies Readonly<Record<string, EngineClaims>>;

export type SubjectName = keyof typeof CLAIMS;
