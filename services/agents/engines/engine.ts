import type * as z from 'zod';
import type {
  EngineAnswer,
  EngineRequestDocument,
  FailureCategory,
  HandoffContext,
  Learning,
  PermissionAnswer,
  PermittedKind,
  Plan,
  PlanFailure,
  PlannerAnswer,
  PlannerQuestion,
  PlanStep,
  ProjectMap,
  ProviderFault,
  Usage,
} from '#contracts';
import type { GitScope } from '#repository';
import type { Needs, Program } from '#sandbox';

/** What an engine may use while it thinks. Everything else it needs is in the request. */
export interface EngineContext {
  /** Absolute path of the worktree; commands run here. */
  readonly directory: string;
  /**
   * How git finds the repository of the worktree. What lies in the folder as `.git` is whoever wrote it last: its settings
   * may name programs, and git here runs outside of every sandbox. Without it the folder is trusted.
   */
  readonly repository?: GitScope;
  /** Aborted when the attempt is no longer ours; every process must be gone within 5 s after. */
  readonly signal: AbortSignal;
  /** A line for people: shown, and stored at a sane rate. Secrets are redacted before either. */
  readonly progress: (message: string) => void;
  /** Takes note of something that the next run should know. Secrets are redacted before it is stored. */
  readonly learned?: (learning: { readonly domain: string | null; readonly text: string }) => void;
  /** Whether checks can open pages where the plan is carried out. */
  readonly browser?: boolean;
  /** Idempotency key of the step, the same for every try and lease. */
  readonly stepKey: string;
  /** Runs a command in the worktree under the limits, environment and redaction of the workspace. `signal` ends it early. */
  readonly run: (command: string, options?: { timeoutMs?: number; signal?: AbortSignal }) => Promise<CommandOutcome>;
  /** Starts the program of an engine under the same rules. Without it the engine starts its program itself. */
  readonly runProgram?: RunProgram;
  /** The whole environment of a program that an engine starts itself; by default a clean `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Wraps a program that an engine starts itself, so that it runs in the sandbox that is in force. */
  readonly confine?: (program: Program, needs?: Needs) => Program;
  /** @throws {ForbiddenCommand} a command line that no work may need, whoever would run it */
  readonly assertAllowed?: (command: string) => void;
  /**
   * Asks a person for what an agent wants to do. It may take as long as a person takes; where nobody answers in time,
   * it is denied. Without it nobody is there to ask.
   */
  readonly permit?: (request: PermissionRequest) => Promise<'allow' | 'deny'>;
  /** Ends whatever still carries the mark of `env`: what a program left behind in a session of its own. */
  readonly sweep?: () => Promise<void>;
  /** What calls of a model used, as soon as it is known: every amount once, never a running total. */
  readonly used?: (usage: Usage) => void;
  /** US dollars that this request may still cost; `null` is no limit. An engine that can ends itself there. */
  readonly budgetUsd?: number | null;
  /** The same of tokens: all that is read, from a cache too, and written. */
  readonly budgetTokens?: number | null;
  /** The conversation that this engine had in this run before, to be gone on with where it can. */
  readonly session?: SessionKeeper;
  /**
   * Hands a request to somebody outside, and gives what was handed in for it. While nobody has, it rejects, with the lease
   * given back: a later one asks again.
   */
  readonly handOut?: (request: RequestDocument) => Promise<HandedIn>;
  /** Removes secrets from a text; by default texts stay as they are. */
  readonly redact?: (text: string) => string;
}

/** Something that an agent asks for before it does it. */
export interface PermissionRequest {
  /** Who asks: the name of the engine. */
  readonly engine: string;
  readonly kind: PermittedKind;
  /** For people. */
  readonly title: string;
  /** A shell command line, where it is one. */
  readonly command: string | null;
  /** What becomes of it in a run that nobody attends; `ask` waits for somebody else to answer. */
  readonly unattended: PermissionAnswer;
  /** Aborted when the agent does not wait any more. */
  readonly signal: AbortSignal;
}
export type RequestDocument = z.input<typeof EngineRequestDocument>;

/** What became of work that was handed out; its files are in the worktree. */
export type HandedIn =
  | {
      readonly outcome: 'answered';
      readonly answer: EngineAnswer;
      readonly learnings: readonly { readonly domain: string | null; readonly text: string }[];
      /** Who did it, as the log names them. */
      readonly by: string;
    }
  /** Nobody did it in time. */
  | { readonly outcome: 'expired'; readonly deadline: string | null };

/** Whether a program would be started in a sandbox. */
export const isConfined = ({ confine }: Pick<EngineContext, 'confine'>): boolean =>
  confine !== undefined && confine({ file: 'sh', args: [] }).file !== 'sh';

/** A conversation with an agent that outlives its process. */
export interface Session {
  /** As the agent names it. */
  readonly id: string;
  /** What the agent said that all of it has cost so far, US dollars; `null` when it says nothing. */
  readonly costUsd: number | null;
}

export interface SessionKeeper {
  readonly current: Session | null;
  readonly keep: (session: Session) => void;
}

export interface ProgramRequest {
  /** A shell command line. */
  readonly command: string;
  readonly stdin: string;
  readonly timeoutMs: number;
  /** A line of standard output, without its line break. Lines arrive while the program runs. */
  readonly onLine: (line: string) => void;
  /** Ends the program early: it said all that counts. */
  readonly signal: AbortSignal;
  /** Of both streams together; one byte more and the program is killed. */
  readonly maxOutputBytes: number;
}

/** How a program ended, with all of its process group gone. */
export interface ProgramOutcome {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly ended: 'exit' | 'timeout' | 'too_much_output' | 'aborted' | 'not_started';
  /** The end of standard error: capped, secrets redacted. */
  readonly stderr: string;
}

export type RunProgram = (request: ProgramRequest) => Promise<ProgramOutcome>;

/** How a command ended. `output` is stdout and stderr interleaved, capped, secrets redacted. */
export interface CommandOutcome {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly output: string;
  readonly durationMs: number;
}

/** What every request may bring along to be read. All of it is counted, and cut where there is too much. */
export interface Reading {
  /** What earlier runs found out that fits this goal, newest first. */
  readonly learnings?: readonly Learning[];
  /** Documentation of libraries. */
  readonly docs?: readonly { readonly library: string; readonly text: string }[];
  /** What the agent before handed over, or `null`. */
  readonly handoff?: HandoffContext | null;
  /** Tasks that are planned already, a line each, or `null`. */
  readonly backlog?: string | null;
}

export interface PlanRequest extends Reading {
  readonly kind: 'plan';
  readonly goal: string;
  readonly taskId: string;
  readonly skills: readonly string[];
  /** What a person said when the last attempt needed help, or `null`. */
  readonly hint: string | null;
  /** What became of the plan before, when this is to be another one; `null` for the first. */
  readonly failure: PlanFailure | null;
  /** The round of questions that may be asked now; `null`: no more of them, a plan is made of what is known. */
  readonly round: { readonly number: number; readonly focus: string } | null;
  /** What questions came to so far, and what came with the goal. */
  readonly answers: readonly PlannerAnswer[];
}

/** A whole project, to be cut into tasks. */
export interface DecomposeRequest extends Reading {
  readonly kind: 'decompose';
  readonly goal: string;
  /** Markdown that says what is to be built, or `null`. */
  readonly specification: string | null;
  readonly skills: readonly string[];
  readonly hint: string | null;
  readonly answers: readonly PlannerAnswer[];
}

export interface StepRequest extends Reading {
  readonly kind: 'step';
  readonly goal: string;
  readonly plan: Plan;
  readonly step: PlanStep;
  readonly try: number;
  /** Error and fix hints of the try before, so that no try repeats its input; `null` at the first. */
  readonly previous: { readonly error: string; readonly hints: readonly string[] } | null;
  readonly hint: string | null;
}

/** A gate is red that was green on the base commit. */
export interface FixRequest extends Reading {
  readonly kind: 'fix';
  readonly goal: string;
  readonly plan: Plan;
  readonly gate: string;
  readonly command: string;
  readonly output: string;
  readonly try: number;
}

export type EngineRequest = PlanRequest | DecomposeRequest | StepRequest | FixRequest;

/** `failed` without a category is classified by the error patterns. */
export type EngineFailure =
  | {
      readonly outcome: 'failed';
      readonly error: string;
      readonly category?: FailureCategory;
      /** The fault is with the provider of the models: another engine may do it. */
      readonly provider?: ProviderFault;
      /** Which engine it was: filled in by whoever asked it. */
      readonly engine?: string;
      /** The provider takes no requests until then (ISO 8601): no try of ours is used up. */
      readonly until?: string;
    }
  | EngineBlocker;

/** The engine has no way to do this: a blocker that names the exact thing that would help. */
export interface EngineBlocker {
  readonly outcome: 'cannot';
  readonly reason: string;
  readonly unblock: string;
}

export type PlanOutcome =
  | {
      readonly outcome: 'planned';
      readonly plan: Plan;
      /** Who made it, for people: `recipe health-endpoint`. */
      readonly source: string;
      /** Assumptions taken instead of an answer, and what lowers the confidence. */
      readonly cautions: readonly string[];
    }
  | {
      /** Only where a round is open; then the plan is asked for again, with the answers. */
      readonly outcome: 'questions';
      readonly questions: readonly PlannerQuestion[];
      /** 0 to 1, to plan without the answers. */
      readonly readiness: number;
    }
  | EngineFailure;

export type DecomposeOutcome =
  | {
      readonly outcome: 'decomposed';
      readonly map: ProjectMap;
      /** Who drew it, for people: `recipe project-node-service`. */
      readonly source: string;
      readonly cautions: readonly string[];
    }
  | EngineFailure;

export type WorkOutcome = { readonly outcome: 'done'; readonly summary: string } | EngineFailure;

export interface Capabilities {
  readonly plan: boolean;
  readonly work: boolean;
  readonly decompose: boolean;
}

/**
 * How a role thinks. Any role works with any engine that has the capability; one conformance suite
 * (`test/contract/engine.contract.ts`) holds for all of them. All calls reject with the reason of `context.signal`
 * within a second of its abort, and with nothing else: whatever else goes wrong is an outcome.
 */
export interface Engine {
  readonly name: string;
  readonly can: Capabilities;
  /** Where it is configured: `engines.models.fast`. By default under `engines.commands`. */
  readonly settings?: string;
  /** True: only used where it is named, never by `auto`. */
  readonly byName?: true;
  /** What it has to be given before it can be asked anything: a key. */
  readonly lacks?: EngineBlocker | null;
  /** False: it looks at nothing, so that nothing is gathered and counted for it. */
  readonly reads?: false;
  /** What it gives its model beside a request: instructions of the role, tools with their schemas. Counted as `reserved`. */
  readonly instructions?: (request: EngineRequest) => readonly { readonly source: string; readonly text: string }[];
  /** True: it asks nobody who is paid, so that no money is held back for it. */
  readonly free?: true;
  plan(request: PlanRequest, context: EngineContext): Promise<PlanOutcome>;
  decompose(request: DecomposeRequest, context: EngineContext): Promise<DecomposeOutcome>;
  /** Changes files of the worktree. It claims; the caller checks. */
  work(request: StepRequest | FixRequest, context: EngineContext): Promise<WorkOutcome>;
}
