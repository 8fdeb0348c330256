export { LEARNINGS_FOLDER, type ProjectLearnings, projectLearnings, readLearnings } from './files.ts';
