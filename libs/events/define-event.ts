import * as z from 'zod';

/** One kind of event: wire name, schema version and payload, in one place. Published ones are frozen. */
export const defineEvent = <const T extends string, const V extends number, D extends z.ZodObject>(
  type: T,
  v: V,
  data: D,
) => z.strictObject({ type: z.literal(type), v: z.literal(v), data });
