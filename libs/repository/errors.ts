import { type Remedy, StudioError } from '#contracts';

export type WorkspaceProblem =
  | 'not_found'
  | 'not_a_folder'
  | 'unreadable'
  | 'bare_repository'
  | 'inside_git'
  | 'no_commits'
  | 'commit_missing'
  | 'ref_missing'
  | 'remote_denied'
  | 'remote_missing'
  | 'remote_refused'
  | 'remote_failed'
  | 'bases_conflict'
  | 'nested_repository'
  | 'another_repository'
  | 'branch_checked_out'
  | 'git_missing'
  | 'git_failed'
  | 'command_not_started';

/** Trouble of the machine may pass; everything else stays until a person changes something. */
const RETRYABLE: ReadonlySet<WorkspaceProblem> = new Set(['git_failed', 'remote_failed', 'command_not_started']);

/** A workspace cannot be used as it is. `code` says which way, the message what to do. */
export class WorkspaceError extends StudioError {
  readonly code: `workspace.${WorkspaceProblem}`;
  readonly remedy: Remedy;
  constructor(problem: WorkspaceProblem, message: string, details?: Record<string, unknown>, options?: ErrorOptions) {
    super(message, details, options);
    this.code = `workspace.${problem}`;
    this.remedy = RETRYABLE.has(problem) ? 'retry' : 'change';
  }
}
