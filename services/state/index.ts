export { type StateOptions, type StateService, startState } from './start-state.ts';
