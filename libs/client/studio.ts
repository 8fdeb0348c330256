import type {
  ArchiveDocument,
  AssignmentDocument,
  BacklogChangeInput,
  BacklogDecompose,
  BacklogDocument,
  BacklogNext,
  BacklogRun,
  BacklogRunAnswer,
  BacktestDocument,
  BudgetDocument,
  CheckpointsDocument,
  CompareDocument,
  ControlCommand,
  DryRunDocument,
  EventDocument,
  EveryRunDocument,
  ForkDocument,
  HandoffsDocument,
  ImportAnswer,
  InboxDocument,
  LearningsDocument,
  LearningsQuery,
  ListPage,
  ListQuery,
  OutsideRecovery,
  RouteDocument,
  StateDocument,
  SubmitAnswer,
  TaskInput,
  Trigger,
  WhyDocument,
  WorkerDocument,
} from '#contracts';
import type { RoutingPolicy } from '#domain';
import type { ForkChanges, Head, Recorded, Rejection, StoredEntry } from '#events';
import type { ForkAt } from '#orchestrations';
import type { FollowOptions } from './follow.ts';

/** Which version of a run is meant: a version, an ISO 8601 time, or the newest. */
export type At = { readonly version: number } | { readonly time: string } | 'now';

/**
 * The application API: everything that a person or a program can do with Studio. The command line and the gateway are
 * thin over it. Reading one run folds its stream, so it is never stale; only `list` reads a view.
 * Every id may be abbreviated to the beginning of the only id that it fits (at least `orch_` and the date).
 */
export interface Studio {
  /** @throws {SystemFull} @throws {Unavailable} */
  submit(goal: unknown, origin?: SubmitOptions): Promise<SubmitAnswer>;
  /** Decides only; nothing is stored. */
  route(goal: string, options?: { readonly tasks?: readonly TaskInput[] }): Promise<RouteDocument>;

  /** What a goal would come to: route, plan, conflicts, questions, time. Nothing is stored. @throws {InvalidInput} */
  dryRun(goal: unknown, origin?: Pick<SubmitOptions, 'planSource'>): Promise<DryRunDocument>;

  /** The full id. @throws {NotFound} none or more than one fits */
  resolve(id: string): Promise<string>;
  state(id: string, at?: At): Promise<StateDocument>;
  why(id: string): Promise<WhyDocument>;
  /** What to do about the failures of one agent, or of all, of a run whose agents somebody else drives. */
  outsideRecovery(id: string, agent: string | null): Promise<OutsideRecovery>;
  /** What the agents of a run were given to read, under which limits; `null`: the limits of a new run. */
  budget(id: string | null): Promise<BudgetDocument>;
  /** What runs found out, newest first. */
  learnings(query?: LearningsQuery): Promise<LearningsDocument>;
  list(query?: Partial<ListQuery>): Promise<ListPage>;
  /** Everything that waits for a person, over all runs, the oldest deadline first. */
  inbox(): Promise<InboxDocument>;
  workers(): Promise<readonly WorkerDocument[]>;
  rejections(limit?: number): Promise<readonly Rejection[]>;

  /** Stored events after version `after` (default 0), oldest first. */
  events(id: string, options?: { readonly after?: number; readonly limit?: number }): Promise<readonly Recorded[]>;
  /** The same, then every new one as it is stored; ends after the terminal event or when aborted. */
  follow(id: string, options?: FollowOptions): AsyncIterable<Recorded>;
  /** Where the stream ends, as the index says: written with every append, so a cut end of the stream shows. */
  head(id: string): Promise<Head>;
  /** Stored bytes up to version `to`, for export and verify. */
  stored(id: string, to?: number): AsyncIterable<StoredEntry>;
  blob(id: string, hash: string): Promise<string | null>;
  /** The routing table that runs with this policy hash were decided by. */
  policy(hash: string): Promise<RoutingPolicy | null>;

  /** The work that a run hands out now, and who holds it. @throws {RuleViolation} it hands out none */
  work(id: string): Promise<AssignmentDocument>;
  /**
   * Takes that work: a lease, the request, and a folder to do it in.
   * @throws {RuleViolation} there is none, or somebody else holds it
   */
  take(id: string): Promise<AssignmentDocument>;
  /**
   * Hands it in, with the files of its folder; then the run goes on. What is refused changes nothing, and no file.
   * @throws {InvalidInput} with every problem @throws {RuleViolation} the lease has ended, or this is no answer
   */
  handIn(id: string, handIn: unknown): Promise<StateDocument>;

  /** @throws {RuleViolation} the command is not allowed now */
  control(id: string, command: ControlCommand): Promise<StateDocument>;
  /** Pauses every run that goes on, or lets every one that is paused go on. */
  everyRun(command: EveryRunDocument['command'], reason?: string | null): Promise<EveryRunDocument>;
  /** Records what became of the branch; git itself is the caller's. */
  land(
    id: string,
    what: { readonly as: 'applied'; readonly into: string } | { readonly as: 'discarded' },
  ): Promise<void>;

  /** Every place that a run can go back to: `control` with `resume` does. */
  checkpoints(id: string): Promise<CheckpointsDocument>;
  /**
   * Another run from any version or checkpoint of this one, with its files, under other settings. This one stays as it is.
   * @throws {RuleViolation} no such checkpoint, or changes that do not fit @throws {InvalidInput} no such version
   */
  fork(id: string, options?: ForkOptions): Promise<ForkDocument>;
  /**
   * Where two runs part, or two plans of one run: the first fact and the first files that differ.
   * @throws {InvalidInput} there was no such plan
   */
  compare(what: ComparedRuns): Promise<CompareDocument>;
  /** What was handed over, and what is held back because it is not complete. */
  handoffs(id: string): Promise<HandoffsDocument>;

  /** Every log as it is stored: each run, archived or not, oldest first, then the backlogs. */
  logs(): AsyncIterable<StoredLog>;
  /** A run as the lines of an export file: every byte that was hashed, with the blobs, policy and keys that it names. */
  export(id: string): AsyncIterable<string>;
  /** Everything that cannot be made again: every run, archived or not, and the backlog, one export behind the other. */
  exportAll(): AsyncIterable<string>;
  /**
   * Stores what a file of exports has, one answer a stream. Nothing is stored before all of the file was verified.
   * @param lines opens the file, which is read twice
   * @throws {InvalidInput} with every problem of the file @throws {SystemFull} what came before is stored
   */
  import(lines: () => AsyncIterable<string>): AsyncIterable<ImportAnswer>;
  /**
   * Moves runs that have ended, and whose last event is older, to verified files; reads follow them there.
   * @throws {InvalidInput} there is no folder for them
   */
  archive(options: { readonly before: Date; readonly dryRun?: boolean }): Promise<ArchiveDocument>;

  /**
   * What another policy would have decided over the newest runs that are stored. Reads only; nothing runs.
   * @throws {InvalidInput} with every problem of the policy
   */
  backtest(options: BacktestOptions): Promise<BacktestDocument>;
  /** The tasks of a workspace, by its absolute path, in their order. */
  backlog(workspace: string): Promise<BacklogDocument>;
  /** Those that can begin now, the best first. */
  nextTasks(workspace: string): Promise<BacklogNext>;
  /** @throws {InvalidInput} @throws {RuleViolation} the backlog is as it was */
  changeBacklog(workspace: string, change: BacklogChangeInput): Promise<BacklogDocument>;
  /** Submits a goal, or a specification, whose map goes into the backlog: nothing is built. */
  decompose(goal: BacklogDecompose, origin?: SubmitOptions): Promise<SubmitAnswer>;
  /**
   * Promises open tasks to one run and submits it. A run that was promised tasks before and was never submitted, because
   * whoever asked for it died, is submitted first.
   * @throws {RuleViolation} no task can begin, or not those that are wanted
   */
  runBacklog(run: BacklogRun, origin?: SubmitOptions): Promise<BacklogRunAnswer>;
  /** Brings a backlog up to what one run says, as the router does a moment later. */
  catchUpBacklog(id: string): Promise<BacklogDocument>;

  /** What a run may still need of the files of a machine; `null`: it is not a run of this installation. */
  needs(id: string): Promise<Needs | null>;
  /** Folders that runs were given. */
  workspaces(): Promise<readonly string[]>;

  /** Makes the list view again from the log. @returns how many rows there are */
  rebuild(): Promise<number>;

  /** Ends what `follow` holds open; a connection that was handed in stays. */
  close(): Promise<void>;
}

/** A log as it is stored, for whoever checks it. */
export interface StoredLog {
  readonly stream: string;
  head(): Promise<Head>;
  entries(to?: number): AsyncIterable<StoredEntry>;
}

export interface BacktestOptions {
  /** As `BacktestPolicy` describes it; other sections of a configuration are left aside. */
  readonly policy: unknown;
  /** So many of the newest runs. Default 1,000. */
  readonly last?: number;
}

export interface ForkOptions {
  /** Default: the newest fact. */
  readonly at?: ForkAt;
  readonly changes?: ForkChanges;
}

export interface ComparedRuns {
  readonly left: string;
  /** Default: the left one, of which two plans are compared then. */
  readonly right?: string;
  /** Which plan of each, from 1: the runs are looked at only while those were in force. */
  readonly plans?: readonly [left: number, right: number];
}

export interface Needs {
  readonly version: number;
  /** Leases whose folders may be in use: of a worker, and of those who do its work by hand. */
  readonly leases: readonly number[];
  readonly landed: 'applied' | 'discarded' | null;
  readonly archived: boolean;
}

export interface SubmitOptions {
  readonly trigger?: Trigger;
  /** For the trace of a refusal. */
  readonly source?: string;
  /** Where a plan in the goal was found. */
  readonly planSource?: string;
}

/** An event as it goes out: the same fields, without types that only this code knows. */
export const eventDocument = (event: Recorded): EventDocument => ({ ...event });
