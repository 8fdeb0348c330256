import * as z from 'zod';
import { InvalidInput, type SubmitAnswer } from '#contracts';
import { KeyConflict } from '../errors.ts';

/** What a submit that stored something, or had done so before, answers. */
export const Stored = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('created'), id: z.string() }),
  z.strictObject({ outcome: z.literal('duplicate'), id: z.string() }),
]);
export type Stored = z.infer<typeof Stored>;

/** @throws {InvalidInput} {KeyConflict} nothing was stored */
export const storedOf = (answer: SubmitAnswer): Stored => {
  switch (answer.outcome) {
    case 'created':
    case 'duplicate':
      return answer;
    case 'conflict':
      throw new KeyConflict(answer.problems.join('; '), { id: answer.id, problems: answer.problems });
    case 'rejected':
      throw new InvalidInput('the goal', answer.problems);
  }
};
