export type { Environment } from './command-environment.ts';
export type { CommitOptions, Commits } from './commits.ts';
export { findProgram } from './find-program.ts';
export {
  collectHandFolder,
  findHandFolder,
  type HandFolderRequest,
  makeHandFolder,
  removeHandFolder,
} from './hand-folders.ts';
export { type OpenWorkspaceRequest, openWorkspace } from './open-workspace.ts';
export { findLockFile, type LockFile, type Manifest, readManifest } from './package-manager.ts';
export { createRedactor, type Redact, type RedactRequest } from './redact.ts';
export { killSurvivors, type SurvivorRequest } from './running-commands.ts';
export { ForbiddenCommands, type ForbiddenRule } from './security/forbidden-commands.ts';
export { SecurityViolation } from './security/security-violation.ts';
export type { SetUpResult } from './set-up.ts';
export { branchOf, type RunOptions, type Workspace, type WorkspaceSettings } from './workspace.ts';
export { type LeaseName, type LeaseWorktree, listWorktrees, removeWorktree } from './worktree.ts';
