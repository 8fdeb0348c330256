import * as z from 'zod';
import { ProviderFault } from './engine-protocol.ts';
import { Role } from './ids.ts';

/** Who thinks in a run, and why; who cannot be asked now; who took over. */
export const EnginesState = z.strictObject({
  chosen: z.array(
    z.strictObject({
      agent: Role,
      work: z.enum(['plan', 'work', 'decompose']),
      engine: z.string(),
      reason: z.string(),
      candidates: z.array(z.string()).describe('who could do it, in order of preference'),
    }),
  ),
  out: z
    .array(
      z.strictObject({
        engine: z.string(),
        provider: ProviderFault,
        until: z.string().nullable().describe('not asked before, where another can go on; null: until a person acts'),
        error: z.string(),
      }),
    )
    .describe('engines whose provider failed'),
  failed_over: z.array(
    z.strictObject({ agent: Role, from: z.string(), to: z.string(), reason: z.string(), time: z.string() }),
  ),
});
export type EnginesState = z.infer<typeof EnginesState>;
