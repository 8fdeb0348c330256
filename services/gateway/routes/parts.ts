import * as z from 'zod';
import { Problem } from '#contracts';

export const id = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(64)
    .describe('id of an orchestration; it may be cut after its date, or be the first characters of its last part'),
});

/** What any route may answer instead. */
export const problems = {
  '4xx': Problem.describe('the request must change, or the state was another; remedy says which'),
  '5xx': Problem.describe('try again later, or a person must look; remedy says which'),
} as const;
