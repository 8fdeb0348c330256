import type { Assignment, StateDocument } from '#contracts';
import type { Style } from './style.ts';

/** What is to be done, in a few words. */
export const workLabel = ({ kind, about, role }: Assignment): string => {
  switch (kind) {
    case 'plan':
      return `make the plan, for the ${role}`;
    case 'decompose':
      return `draw the map of tasks, for the ${role}`;
    case 'step':
      return `do ${about}, for the ${role}`;
    case 'fix':
      return `correct what is red: ${about}`;
  }
};

export const openWork = ({ assignments = [] }: Pick<StateDocument, 'assignments'>): readonly Assignment[] =>
  assignments.filter(({ outcome }) => outcome === null);

/** Work that waits for somebody, with the command that takes it, or that somebody does. */
export const renderAssignment = (id: string, work: Assignment, program: string, style: Style): readonly string[] => [
  `${style.yellow('?')} ${style.bold('This run has work for a person')}`,
  `  ${work.id}: ${workLabel(work)}`,
  ...(work.deadline ? [`  until ${work.deadline}`] : []),
  work.held
    ? `  ${work.held.by} does it under lease ${work.held.lease} until ${work.held.until}: ${program} work ${id}`
    : `  ${program} take ${id}    ${style.dim('# what is to be done, and a folder to do it in')}`,
];
