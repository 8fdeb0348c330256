import { buildOnly } from './played/build-only.ts';
import { planThenBuild } from './played/plan-then-build.ts';
import type { Session } from './stage.ts';

/** In the order of a reader who wants to see more and more of it. */
export const sessions: readonly Session[] = [buildOnly, planThenBuild];
