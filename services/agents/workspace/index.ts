export { type ApplyRequest, type ApplyResult, applyBranch } from './apply-branch.ts';
export {
  type DiffRequest,
  type DiscardRequest,
  diffOf,
  discardBranch,
  listStudioRefs,
  type MoveBranchRequest,
  type MoveBranchResult,
  moveBranch,
  type Place,
  type StudioRef,
} from './branches.ts';
export { commandEnvironment, type Environment } from './command-environment.ts';
export type { CommitOptions, Commits } from './commits.ts';
export { WorkspaceError, type WorkspaceProblem } from './errors.ts';
export { findProgram } from './find-program.ts';
export { missingCommits, type OpenWorkspaceRequest, openWorkspace } from './open-workspace.ts';
export { findLockFile, type LockFile, type Manifest, readManifest } from './package-manager.ts';
export { createRedactor, type Redact, type RedactRequest } from './redact.ts';
export { killSurvivors, type SurvivorRequest } from './running-commands.ts';
export type { SetUpResult } from './set-up.ts';
export { branchOf, type RunOptions, type Workspace, type WorkspaceSettings } from './workspace.ts';
export { type LeaseName, type SweepRequest, sweepWorktrees } from './worktree.ts';
