export { countViews, type ViewCounts } from './count-views.ts';
export { viewKeys } from './keys.ts';
export { readLearned } from './learnings.ts';
export { createProjector, loadFrom, type ProjectorOptions, type RebuildOptions, rebuildViews } from './project.ts';
export { type ListSource, type Outside, readList } from './read-list.ts';
export { rowOf, StoredRow } from './row.ts';
