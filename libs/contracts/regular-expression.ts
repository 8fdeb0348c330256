import * as z from 'zod';

const compiles = (pattern: string): boolean => {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
};

/** As JavaScript has it, without the slashes. One that does not compile is refused where it is read, not where it is used. */
export const RegularExpression = z
  .string()
  .min(1)
  .refine(compiles, { error: 'this is not a JavaScript regular expression' });
