import type { ZodError } from 'zod';

/** Every problem in a line of its own: `steps.0.name: Invalid input`. */
export const problemsOf = ({ issues }: ZodError): readonly string[] =>
  issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
