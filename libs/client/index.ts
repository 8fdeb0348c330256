export { archiveFolderOf } from '#archive';
export { backtestExports } from './backtest.ts';
export { connectStudio, DEFAULT_TAG } from './connect-studio.ts';
export { type LookAhead, nothingSeen } from './dry-run/preview.ts';
export { isTerminal } from './follow.ts';
export type { ConnectStudioOptions } from './options.ts';
export { policyIn } from './policy.ts';
export { type At, eventDocument, type ForkOptions, type StoredLog, type Studio, type SubmitOptions } from './studio.ts';
export type { HandFolders } from './work/hand-folders.ts';
