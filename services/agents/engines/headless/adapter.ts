import type { ProviderFault, Usage } from '#contracts';

/** What an agent is told with one prompt. The prompt itself comes on its standard input: it may be longer than an argument. */
export interface AgentCall {
  /** False: it looks and answers, and changes nothing. */
  readonly works: boolean;
  /** US dollars that it may still cost; `null` is no limit. */
  readonly budgetUsd: number | null;
  /** A sandbox is around it, so that one of its own is neither needed nor possible. */
  readonly confined: boolean;
}

export interface AgentFault {
  readonly error: string;
  /** HTTP status that the provider answered with, where the agent tells it. */
  readonly status?: number | null;
  /** Where the agent itself says what kind of fault it is. */
  readonly provider?: ProviderFault;
  /** The agent ended where its budget did. */
  readonly budget?: boolean;
}

/** What one line of an agent says. */
export type Remark =
  /** `more` goes on with what was said before. */
  | { readonly type: 'said'; readonly text: string; readonly more?: boolean }
  /** For people: a tool that it used, something it noted. */
  | { readonly type: 'did'; readonly what: string }
  /** Counts, and is told as it comes. */
  | { readonly type: 'used'; readonly usage: Usage }
  /** Of one message, later lines replacing earlier ones; counts only where the agent ends without its own sum. */
  | { readonly type: 'using'; readonly message: string; readonly usage: Usage }
  /** It tries a request again that its provider did not answer. */
  | { readonly type: 'retrying'; readonly fault: AgentFault; readonly waitMs: number | null }
  /** It ended by itself; `text` is the answer where it says it once more. */
  | { readonly type: 'ended'; readonly text?: string }
  | { readonly type: 'failed'; readonly fault: AgentFault };

/** A coding agent that answers one prompt and ends, with JSON lines on its standard output. */
export interface Adapter {
  /** Arguments; the program is known by its name on the PATH. */
  readonly args: (call: AgentCall) => readonly string[];
  /** Variables that it is given: they keep it from asking other hosts, from updating itself, from endless retries. */
  readonly quiet: (call: AgentCall) => Readonly<Record<string, string>>;
  /** What a line says. Lines that say nothing of use are `[]`. */
  readonly read: (line: Readonly<Record<string, unknown>>) => readonly Remark[];
  /** True: it is given `budgetUsd` and ends there by itself. */
  readonly stopsAtBudget: boolean;
}
