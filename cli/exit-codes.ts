import type { StateDocument } from '#contracts';

/** What a script can rely on. A refused command is wrong usage: the same command is refused again. */
export const EXIT = {
  /** Done, and verified. */
  done: 0,
  /** The run failed or was halted, or what was asked to be verified is not so. */
  failed: 1,
  usage: 2,
  /** A person has to answer, and nobody is at the terminal. */
  waits: 3,
  /** Redis, a worker or a program that is needed cannot be reached. */
  unreachable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a run stands, as the exit code of the command that waited for it. */
export const exitCodeOf = ({ outcome }: StateDocument): ExitCode => {
  if (!outcome) return EXIT.waits;
  return outcome.kind === 'completed' ? EXIT.done : EXIT.failed;
};
