export { type ArchiveEndedOptions, archiveEnded } from './archive-ended.ts';
export { type ArchivePlace, archiveFolderOf } from './archive-folder.ts';
export { checkExported, importStream } from './import-stream.ts';
export { readExported } from './read-exported.ts';
