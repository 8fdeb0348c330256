import { userInfo } from 'node:os';

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may run a user id that has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
};

/** Of the person at the terminal, for the audit trail. */
export const actorOf = (): string => `person:${userName()}`;
