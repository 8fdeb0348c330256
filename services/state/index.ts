export { type StateOptions, startState } from './start-state.ts';
