import * as z from 'zod';
import { agentEvents } from './agent.events.ts';
import { interactionEvents } from './interaction.events.ts';
import { lifecycleEvents } from './lifecycle.events.ts';
import { routingEvents } from './routing.events.ts';
import { stepEvents } from './step.events.ts';

/** Every event, newest version of each. */
export const Event = z.discriminatedUnion('type', [
  ...lifecycleEvents,
  ...routingEvents,
  ...agentEvents,
  ...stepEvents,
  ...interactionEvents,
]);
export type Event = z.infer<typeof Event>;
export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
