import type { ProgramOutcome } from '../engine.ts';

/** A sentence about a program, with what it said of itself. */
export const withStderr = (sentence: string, { stderr }: ProgramOutcome): string =>
  stderr.trim() === '' ? sentence : `${sentence}\n${stderr.trim()}`;

/** 126 and 127 are how a shell says "not executable" and "not found". */
export const couldNotStart = ({ ended, exitCode }: ProgramOutcome): boolean =>
  ended === 'not_started' || (ended === 'exit' && [126, 127].includes(exitCode ?? 0));

/** SIGKILL and SIGTERM, as a shell says them. */
const KILLED: ReadonlySet<number | null> = new Set([128 + 9, 128 + 15]);

/**
 * By somebody outside, or by the kernel for want of memory: what it was at may work the next time. Whoever is killed again
 * and again uses up its tries.
 */
export const wasKilled = ({ exitCode, signal }: Pick<ProgramOutcome, 'exitCode' | 'signal'>): boolean =>
  signal === 'SIGKILL' || signal === 'SIGTERM' || KILLED.has(exitCode);

/** `exit code 3`, or the signal. */
export const howItEnded = ({ exitCode, signal }: ProgramOutcome): string => signal ?? `exit code ${exitCode}`;
