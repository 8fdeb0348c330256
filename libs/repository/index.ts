export { type ApplyRequest, type ApplyResult, applyBranch, isCheckedOut } from './apply-branch.ts';
export {
  type DiffRequest,
  type DiscardRequest,
  diffOf,
  discardBranch,
  type KeepRequest,
  keepCommits,
  listStudioRefs,
  type MoveBranchRequest,
  type MoveBranchResult,
  moveBranch,
  type Place,
  type StudioRef,
} from './branches.ts';
export { changesBetween, type TreesRequest, treesOf } from './compare-commits.ts';
export { WorkspaceError, type WorkspaceProblem } from './errors.ts';
export { parseChanges } from './file-changes.ts';
export { askGit, type GitResult, type GitScope, git, gitFailed } from './git.ts';
export { OWN_FILES } from './own-files.ts';
export { checkedOutRefs, deleteRef, isHeldElsewhere, type KeptRef, listKeptRefs } from './prune-refs.ts';
export { collectObjects, fetchBase, fetchCommits, missingCommits } from './remote/fetch.ts';
export { moveServerBranch, pushRefs } from './remote/push.ts';
export {
  type FolderRepository,
  findFolder,
  findRepository,
  knownRepository,
  type RemoteRepository,
  type Repository,
} from './repository.ts';
export {
  commitTree,
  folderTree,
  snapshotCheckout,
  snapshotFolder,
  stageAll,
  untrackedDependencies,
  writeTree,
} from './snapshot.ts';
