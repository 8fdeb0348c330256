import type { Role } from '#contracts';

/** Goals from any producer: jobs named `goal`, data `Goal`. */
export const GOALS_QUEUE = 'goals';
/** Commands from producers that only speak BullMQ: jobs named `control`, data `ControlJob`. */
export const CONTROL_QUEUE = 'control';
/** Work of one role: data `WorkJob`. */
export const workQueue = (role: Role): string => `agent-${role}`;

/** Named by the fact that asks for the work, so asking again is the same job. Never reused. BullMQ forbids ":". */
export const workJobId = (orchestration: string, dispatch: number): string => `${orchestration}-${dispatch}`;
