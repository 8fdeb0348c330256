import * as z from 'zod';
import { agentEvents } from './agent.events.ts';
import { childrenEvents } from './children.events.ts';
import { contextEvents } from './context.events.ts';
import { engineEvents } from './engine.events.ts';
import { historyEvents } from './history.events.ts';
import { interactionEvents } from './interaction.events.ts';
import { lifecycleEvents } from './lifecycle.events.ts';
import { moneyEvents } from './money.events.ts';
import { outsideEvents } from './outside.events.ts';
import { routingEvents } from './routing.events.ts';
import { sessionEvents } from './session.events.ts';
import { stepEvents } from './step.events.ts';
import { workEvents } from './work.events.ts';

/** Every event, newest version of each. */
export const Event = z.discriminatedUnion('type', [
  ...lifecycleEvents,
  ...routingEvents,
  ...agentEvents,
  ...stepEvents,
  ...interactionEvents,
  ...childrenEvents,
  ...historyEvents,
  ...contextEvents,
  ...moneyEvents,
  ...outsideEvents,
  ...engineEvents,
  ...workEvents,
  ...sessionEvents,
]);
export type Event = z.infer<typeof Event>;
export type EventType = Event['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;

// One entry a kind of event, each with its own literal: Object.fromEntries only knows strings.
export const newestVersion = Object.fromEntries(
  Event.options.map(({ shape }) => [shape.type.value, shape.v.value]),
) as { readonly [T in EventType]: EventOf<T>['v'] };
