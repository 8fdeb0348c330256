import type { WaitReason } from '#contracts';
import { type Child, currentInvocation, type Live } from '../run.ts';
import { completedChildren, runningChildren } from './family.ts';

/** What the runs of tasks wait for themselves, by their id. */
export type ObservedChildren = Readonly<Record<string, WaitReason['kind']>>;

const NEEDS_PERSON: ReadonlySet<WaitReason['kind']> = new Set(['question', 'approval', 'budget', 'quarantined']);

const DOING: Readonly<Partial<Record<WaitReason['kind'], string>>> = {
  running: 'at work',
  question: 'waits for a person',
  approval: 'waits for a person',
  budget: 'waits for money',
  quarantined: 'is set aside',
  no_worker: 'has no worker',
};

const describe = ({ task, id }: Child, kind: WaitReason['kind'] | undefined): string =>
  `${task.id} (${id ?? 'not started'}${kind ? `, ${DOING[kind] ?? kind}` : ''})`;

/** A run whose tasks are under way: which of them, and whether a person has to move before any of them can. */
export const waitsForTasks = (run: Live, observed: ObservedChildren): WaitReason | null => {
  const running = runningChildren(run);
  if (running.length === 0 || currentInvocation(run)?.status === 'active') return null;
  const kindOf = ({ id }: Child) => (id === null ? undefined : observed[id]);
  const stuck = running.every((child) => NEEDS_PERSON.has(kindOf(child) ?? 'running'));
  const waits = run.children.filter(({ status }) => status === 'pending').length;
  const doing = running.map((child) => describe(child, kindOf(child))).join(', ');
  const progress = `${completedChildren(run).length} of ${run.children.length} tasks done; ${doing}`;
  return {
    kind: 'dependency',
    owner: stuck ? 'a person' : running.map(({ task }) => task.id).join(', '),
    until: null,
    detail: run.aborting
      ? `ends when its tasks have: ${doing}`
      : `${progress}${waits > 0 ? `; ${waits} to begin` : ''}`,
    since_version: run.head.version,
  };
};
