export { createArchitect } from './architect.ts';
