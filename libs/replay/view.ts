import { fold, type State } from '#domain';
import type { Recorded } from '#events';
import { type Moment, upTo } from './moment.ts';

/** The state as it was at a version or time: what anybody saw then, without effects. */
export const viewAt = (events: Iterable<Recorded>, moment?: Moment): State => fold(upTo(events, moment));
