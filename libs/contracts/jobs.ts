import * as z from 'zod';
import { OrchestrationId, Role } from './ids.ts';

/** Data of a job on `agent-<role>`: ids only; everything else is in the log. */
export const WorkJob = z.strictObject({
  orchestration: OrchestrationId,
  dispatch: z.int().positive().describe('version of the agent.dispatched event that asked for this run'),
  role: Role,
});
export type WorkJob = z.infer<typeof WorkJob>;
