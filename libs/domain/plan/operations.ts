import type { Operation, PlanStep } from '#contracts';

/** The file an operation needs or makes, or `null` where only the run can tell. */
const subjectOf = (operation: Operation): string | null => {
  switch (operation.op) {
    case 'write':
    case 'edit':
    case 'delete':
      return operation.path;
    case 'move':
      return operation.from;
    case 'run':
      return null;
  }
};

/** What is senseless whatever the files hold. */
const pointless = (operation: Operation): string | null => {
  if (operation.op === 'move' && operation.from === operation.to) return `moves ${operation.from} onto itself`;
  if (operation.op === 'edit' && operation.find === operation.replace)
    return `an edit of ${operation.path} replaces a text with itself`;
  return null;
};

/** Files taken away so far, and by what. A command may bring any of them back, so it clears the slate. */
const goneAfter = (gone: ReadonlyMap<string, string>, operation: Operation): ReadonlyMap<string, string> => {
  const next = new Map(gone);
  switch (operation.op) {
    case 'run':
      next.clear();
      break;
    case 'write':
      next.delete(operation.path);
      break;
    case 'delete':
      next.set(operation.path, 'delete');
      break;
    case 'move':
      next.set(operation.from, 'move').delete(operation.to);
      break;
    case 'edit':
      break;
  }
  return next;
};

/** What the operations of one step do to each other, in their order: only what can never be meant. */
export const operationProblems = ({ id, operations = [] }: PlanStep): readonly string[] => {
  const problems: string[] = [];
  let gone: ReadonlyMap<string, string> = new Map();
  for (const operation of operations) {
    const subject = subjectOf(operation);
    const by = subject === null || operation.op === 'write' ? undefined : gone.get(subject);
    if (by !== undefined) problems.push(`step ${id}: ${operation.op} ${subject} comes after ${by} took that file away`);
    const problem = pointless(operation);
    if (problem !== null) problems.push(`step ${id}: ${problem}`);
    gone = goneAfter(gone, operation);
  }
  return problems;
};
