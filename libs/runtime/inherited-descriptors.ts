import { closeSync, readdirSync, readFileSync } from 'node:fs';

const CLOSE_ON_EXEC = 0o2000000;

/** Descriptors beyond the standard ones that programs of this process would get: none that Node opened itself. */
export const inheritedDescriptors = (): readonly number[] => {
  const isPassedOn = (fd: number): boolean => {
    try {
      const [, flags = ''] = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
      return flags !== '' && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
    } catch {
      return false; // It was the one that the folder was read with.
    }
  };
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => fd > 2 && isPassedOn(fd));
  } catch {
    return []; // No /proc.
  }
};

/**
 * Closes what whoever started this process left open: a service needs none of it, and a command that it runs would have
 * it too. Call it before anything is opened.
 */
export const closeInherited = (): void => {
  for (const fd of inheritedDescriptors()) if (process.channel === undefined) closeSync(fd);
};
