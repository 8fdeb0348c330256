import * as z from 'zod';
import { EngineName, ProviderFault, Role } from '#contracts';
import { defineEvent } from '../define-event.ts';
import { reported } from './agent.events.ts';

/** What is asked of an engine. */
const Work = z.enum(['plan', 'work', 'decompose']);

/** Facts about who thinks, and who goes on where a provider is down or out of quota. */
export const engineEvents = [
  defineEvent(
    'engine.chosen',
    1,
    z.strictObject({
      ...reported,
      role: Role,
      work: Work,
      engine: EngineName,
      reason: z.string(),
      candidates: z.array(EngineName).min(1).describe('who could do it here, in order of preference'),
    }),
  ),
  defineEvent(
    'engine.failed_over',
    1,
    z.strictObject({
      role: Role,
      from: EngineName,
      to: EngineName,
      provider: ProviderFault,
      reason: z.string(),
      until: z.iso
        .datetime()
        .nullable()
        .describe('before this the other one is not asked again; null: until a person acts'),
    }),
  ),
] as const;
