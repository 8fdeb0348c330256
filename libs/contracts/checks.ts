import * as z from 'zod';
import { Gate } from './ids.ts';

/** One verification, as we ran it. `output` is the end of what it printed: capped, secrets redacted. */
export const CheckResult = z.strictObject({
  criterion: z.string(),
  type: z.enum(['command', 'file_exists', 'file_contains', 'test_passes', 'browser']),
  passed: z.boolean(),
  durationMs: z.number().nonnegative(),
  exitCode: z.int().nullable().default(null),
  output: z.string().default(''),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** A gate as found in the workspace or named by the plan, with its verdict on the base commit. */
export const DiscoveredGate = z.strictObject({
  gate: Gate,
  command: z.string().nullable(),
  source: z.string().describe('where the command comes from: "plan", "package.json scripts.test", "none found"'),
  base: z.enum(['green', 'red', 'not_available', 'off']),
});
export type DiscoveredGate = z.infer<typeof DiscoveredGate>;

export const FileChange = z.strictObject({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed']),
  added: z.int().nonnegative(),
  removed: z.int().nonnegative(),
});
export type FileChange = z.infer<typeof FileChange>;
