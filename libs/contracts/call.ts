import * as z from 'zod';
import { ControlCommand } from './documents.ts';

/** A call of the client that a host makes for a program on its machine: a line of JSON, answered by another. */
export const Call = z.strictObject({
  actor: z.string().min(1).max(200),
  do: z.discriminatedUnion('call', [
    z.strictObject({ call: z.literal('submit'), goal: z.unknown(), source: z.string().max(200) }),
    z.strictObject({ call: z.literal('route'), goal: z.string() }),
    z.strictObject({ call: z.literal('state'), id: z.string() }),
    z.strictObject({ call: z.literal('control'), id: z.string(), command: ControlCommand }),
    z.strictObject({ call: z.literal('take'), id: z.string() }),
    z.strictObject({ call: z.literal('handIn'), id: z.string(), handIn: z.unknown() }),
    z.strictObject({ call: z.literal('outsideRecovery'), id: z.string(), agent: z.string().nullable() }),
  ]),
});
export type Call = z.infer<typeof Call>;

/** What the call gave, or why it was refused. */
export type CallAnswer =
  | { readonly gave: unknown }
  | { readonly refused: { readonly code: string; readonly message: string; readonly problems: readonly string[] } };
