import type { CheckContext } from '#checks';
import type { Build } from './build.ts';

/** Where checks of a lease run, and with what. @param run instead of that of the lease */
export const checkContext = (
  { desk: { context }, equipment: { browser } }: Build,
  timeoutMs: number,
  run: CheckContext['run'] = context.run,
): CheckContext => ({
  directory: context.directory,
  signal: context.signal,
  run,
  timeoutMs,
  ...(browser && { browser }),
  ...(context.assertAllowed && { assertAllowed: context.assertAllowed }),
});
