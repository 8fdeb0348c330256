import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

const hasSetpriv = isOnPath('setpriv');

/**
 * The command line of a process that the kernel ends with its parent, so that a test that is killed leaves nothing
 * behind. Where there is no `setpriv` the command is as it was: whoever starts it must end it.
 */
export const withParent = (program: string, args: readonly string[]): [program: string, args: readonly string[]] =>
  hasSetpriv ? ['setpriv', ['--pdeathsig', 'KILL', program, ...args]] : [program, args];
