import type { StateDocument } from '#contracts';
import { fold, nothingObserved, type State, stateDocument, waitReason } from '#domain';
import type { Recorded } from '#events';
import { type Moment, upTo } from './moment.ts';

/** The state as it was at a version or time: what anybody saw then, without effects. */
export const viewAt = (events: Iterable<Recorded>, moment?: Moment): State => fold(upTo(events, moment));

/** The same as the document that people read; `null`: nothing had happened yet. Of workers and queues the log tells nothing. */
export const documentAt = (events: Iterable<Recorded>, moment?: Moment): StateDocument | null => {
  const state = viewAt(events, moment);
  return state.lifecycle === 'absent'
    ? null
    : stateDocument(state, waitReason(state, nothingObserved, state.updatedAt));
};
