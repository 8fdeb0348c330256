import type { Context, RoutingPolicy } from '#domain';
import type { Recorded } from '#events';

/** What was used when an event was decided: the time and the draw are in it. */
export const contextOf = (event: Recorded, routing: RoutingPolicy): Context => ({
  stream: event.stream,
  now: event.time,
  draw: event.type === 'recovery.decided' ? event.data.draw : 0,
  actor: event.actor,
  routing,
});
