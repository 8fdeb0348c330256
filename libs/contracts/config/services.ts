import * as z from 'zod';

export const Host = z.strictObject({
  gateway: z.boolean().describe('true serves HTTP too'),
  planners: z.int().min(1).max(64).describe('goals that one host plans at the same time'),
  builders: z.int().min(1).max(64).describe('goals that one host builds at the same time'),
  idle_s: z.number().min(1).describe('seconds without a client and without work after which the host ends'),
});

export const Gateway = z.strictObject({
  host: z.string().min(1).describe('address to listen on; anything but loopback needs STUDIO_API_KEY'),
  port: z.int().min(0).max(65_535).describe('0 takes a free port'),
});

export const Retention = z.strictObject({
  archive_after_days: z
    .union([z.literal(false), z.number().positive()], { error: 'expected a number of days, or false' })
    .describe('days after its last event at which a run that has ended is moved to a file; false: never'),
  folder: z
    .string()
    .min(1)
    .describe(
      'where these files are, from .studio; auto is .studio/archive with the own Redis of a host, and nowhere with yours, because only you know a folder that all share and that lasts',
    ),
});
