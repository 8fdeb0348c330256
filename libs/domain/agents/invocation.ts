import type { Role } from '#contracts';
import type { Invocation } from '../run.ts';

/** A place in the sequence that nobody has taken yet. */
export const newInvocation = (number: number, role: Role): Invocation => ({
  number,
  role,
  status: 'pending',
  attempt: 0,
  dispatch: null,
  notBefore: null,
  hint: null,
  lease: null,
  leases: 0,
  startedAt: null,
  completedAt: null,
  output: null,
  error: null,
});
