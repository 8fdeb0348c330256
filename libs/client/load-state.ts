import { absent, fold, type State } from '#domain';
import { type EventLog, entryPages } from '#events';

/** The fold of a whole stream, as the log has it now. */
export const loadState = async (log: Pick<EventLog, 'read'>, id: string): Promise<State> => {
  let state: State = absent;
  for await (const page of entryPages((range) => log.read(id, range))) state = fold(page, state);
  return state;
};
