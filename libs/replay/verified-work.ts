import type { Recorded } from '#events';

/** A commit that the log names, and whose work it is. */
export interface VerifiedWork {
  readonly version: number;
  /** A step, `corrections`, or a task. */
  readonly work: string;
  readonly commit: string;
}

const workOf = (event: Recorded): Omit<VerifiedWork, 'version'> | null => {
  switch (event.type) {
    case 'step.succeeded':
      return event.data.commit ? { work: event.data.step, commit: event.data.commit } : null;
    case 'work.collected':
      return event.data.commit ? { work: 'corrections', commit: event.data.commit } : null;
    case 'branch.merged':
      return { work: event.data.task, commit: event.data.commit };
    default:
      return null;
  }
};

/** Every verified state of the files, in the order in which they came. The same commit again is no new one. */
export const verifiedWork = (events: Iterable<Recorded>): readonly VerifiedWork[] => {
  const found: VerifiedWork[] = [];
  for (const event of events) {
    const work = workOf(event);
    if (work && found.at(-1)?.commit !== work.commit) found.push({ version: event.version, ...work });
  }
  return found;
};
