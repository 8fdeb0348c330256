import { absent, fold, type State } from '#domain';
import type { EventLog } from '#events';

/** Events read at once. */
const PAGE = 1_000;

/** The fold of a whole stream, as the log has it now. */
export const loadState = async (log: Pick<EventLog, 'read'>, id: string): Promise<State> => {
  let state: State = absent;
  for (;;) {
    const page = await log.read(id, { after: state.head.version, limit: PAGE });
    state = fold(page, state);
    if (page.length < PAGE) return state;
  }
};
