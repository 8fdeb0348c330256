export { applyBranch, diffOf, discardBranch, moveBranch } from '#workspace';
