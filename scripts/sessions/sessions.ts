import { buildOnly } from './played/build-only.ts';
import { decomposeFirst } from './played/decompose-first.ts';
import { multiTask } from './played/multi-task.ts';
import { planThenBuild } from './played/plan-then-build.ts';
import { recovery } from './played/recovery.ts';
import type { Session } from './stage.ts';

/** In the order of a reader who wants to see more and more of it. */
export const sessions: readonly Session[] = [buildOnly, planThenBuild, multiTask, decomposeFirst, recovery];
