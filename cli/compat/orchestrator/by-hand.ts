import type { AssignmentDocument, StateDocument } from '#contracts';
import { type Desk, sessionOf } from './desk.ts';
import { pluginState } from './plugin-state.ts';

/** The session is a run that Studio drives: its agents are not somebody else's, but their work may be handed out. */
const isDrivenByStudio = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'rule.outside.driven_by_studio';

/** Drives an agent of one's own; of a run that Studio drives, does its work under a lease. */
export const byHand = async (
  outside: () => Promise<unknown>,
  work: () => Promise<AssignmentDocument | null>,
): Promise<AssignmentDocument | null> => {
  try {
    await outside();
    return null;
  } catch (error) {
    if (!isDrivenByStudio(error)) throw error;
    return work();
  }
};

/** Rule: who says that a builder starts does not get the work of a planner. */
const assertWorkOf = ({ id, assignments = [] }: StateDocument, agent: string): void => {
  const open = assignments.find(({ outcome }) => outcome === null);
  if (open && open.role !== agent) throw new Error(`${id} hands out work of the ${open.role} now, not of the ${agent}`);
};

/** Takes what the run hands out. What is to be done, and where, is remembered beside the session. */
export const takeWork = async (desk: Desk, agent: string): Promise<AssignmentDocument> => {
  const id = sessionOf(desk);
  const studio = await desk.studio();
  assertWorkOf(await studio.state(id), agent);
  const work = await studio.take(id);
  desk.sessions.keepWork(id, work);
  return work;
};

/** A plan, a map, questions or any answer of an engine; else the work is done, with a summary where one is given. */
export const answerOf = (output: Readonly<Record<string, unknown>>): unknown => {
  if (typeof output.type === 'string') return output;
  if ('plan' in output) return { type: 'plan', plan: output.plan };
  if ('steps' in output) return { type: 'plan', plan: output };
  if ('map' in output) return { type: 'map', map: output.map };
  if ('tasks' in output) return { type: 'map', map: output };
  if ('questions' in output) return { ...output, type: 'questions' };
  return { type: 'done', summary: typeof output.summary === 'string' ? output.summary : 'done' };
};

/** Hands in what was taken here, with the files of its folder. */
export const handInWork = async (desk: Desk, agent: string, answer: unknown): Promise<null> => {
  const id = sessionOf(desk);
  const lease = desk.sessions.leaseOf(id);
  if (lease === null) throw new Error(`no work of the ${agent} was taken here: orchestrator.sh agent-start ${agent}`);
  const studio = await desk.studio();
  assertWorkOf(await studio.state(id), agent);
  desk.sessions.project(pluginState(await studio.handIn(id, { lease, answer })));
  desk.sessions.keepWork(id, null);
  return null;
};
