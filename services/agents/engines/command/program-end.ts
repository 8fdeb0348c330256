import type { ProgramOutcome } from '../engine.ts';

/** A sentence about a program, with what it said of itself. */
export const withStderr = (sentence: string, { stderr }: ProgramOutcome): string =>
  stderr.trim() === '' ? sentence : `${sentence}\n${stderr.trim()}`;

/** 126 and 127 are how a shell says "not executable" and "not found". */
export const couldNotStart = ({ ended, exitCode }: ProgramOutcome): boolean =>
  ended === 'not_started' || (ended === 'exit' && [126, 127].includes(exitCode ?? 0));

/** `exit code 3`, or the signal. */
export const howItEnded = ({ exitCode, signal }: ProgramOutcome): string => signal ?? `exit code ${exitCode}`;
