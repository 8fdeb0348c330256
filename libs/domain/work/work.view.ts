import type { Assignment, StateDocument, WaitReason } from '#contracts';
import type { HandedOut, Live, Run } from '../run.ts';
import { openAssignment } from './find-work.ts';

export const assignmentDocument = ({ holder, closed, ...assignment }: HandedOut): Assignment => ({
  id: assignment.id,
  role: assignment.role,
  kind: assignment.kind,
  about: assignment.about,
  attempt: assignment.attempt,
  commit: assignment.commit,
  opened_at: assignment.openedAt,
  deadline: assignment.deadline,
  held:
    holder && closed === null ? { lease: holder.lease, by: holder.by, since: holder.since, until: holder.until } : null,
  outcome: closed?.outcome ?? null,
  by: closed?.by ?? null,
});

export const assignmentsOf = ({ assignments }: Run): Pick<StateDocument, 'assignments'> =>
  assignments.length === 0 ? {} : { assignments: assignments.map(assignmentDocument) };

const whatOf = ({ kind, about, role }: HandedOut): string => {
  switch (kind) {
    case 'plan':
      return `the plan, for the ${role}`;
    case 'decompose':
      return `the map of tasks, for the ${role}`;
    case 'step':
      return `${about}, for the ${role}`;
    case 'fix':
      return `a correction, because ${about} is red`;
  }
};

/** Somebody has to do what was handed out, or does it. */
export const waitsForWork = (run: Live): WaitReason | null => {
  const open = openAssignment(run);
  if (!open) return null;
  const { id, holder, deadline } = open;
  const what = `${id}: ${whatOf(open)}`;
  return holder
    ? {
        kind: 'work',
        owner: holder.by,
        until: holder.until,
        detail: `${what}; ${holder.by} does it under lease ${holder.lease} since ${holder.since}`,
        since_version: holder.lease,
      }
    : {
        kind: 'work',
        owner: 'a person',
        until: deadline,
        detail: `${what}; to be done by hand: studio take ${run.id}`,
        since_version: run.head.version,
      };
};
