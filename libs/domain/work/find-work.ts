import { RuleViolation } from '#contracts';
import { currentInvocation, type HandedOut, type Run } from '../run.ts';

/** Work that is handed out now. There is one at a time: one agent has its turn, and does one thing. */
export const openAssignment = ({ assignments }: Pick<Run, 'assignments'>): HandedOut | undefined => {
  const last = assignments.at(-1);
  return last?.closed === null ? last : undefined;
};

/** What was handed in for the attempt that runs now, and has become nothing yet. */
export const unusedAnswer = (run: Run): HandedOut | undefined => {
  const last = run.assignments.at(-1);
  const current = currentInvocation(run);
  return last?.closed && !last.used && last.invocation === current?.number && last.attempt === current.attempt
    ? last
    : undefined;
};

/** @throws {RuleViolation} other work is out, or this is not the next number */
export const assertNothingOut = (run: Run, id: string): void => {
  const open = openAssignment(run);
  if (open) throw new RuleViolation('work.out', `${run.id} has handed out ${open.id} already`, { work: open.id });
  const next = `work_${run.assignments.length + 1}`;
  if (id !== next) throw new RuleViolation('work.number', `the next work of ${run.id} is ${next}, not ${id}`);
};
