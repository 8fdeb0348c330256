import { type BrowserVerification, singleQuoted } from '#contracts';

/** What drives a page here: all that must be there for a check in a browser. */
export interface Browser {
  /** Chromium, or one that is made of it. */
  readonly program: string;
  /** The file that `require` of the library that drives it leads to. */
  readonly library: string;
  /** The program of ours that carries out one check and ends. */
  readonly entry: string;
}

/** What that program is told, as its only argument. */
export type PageRequest = Omit<BrowserVerification, 'type'> & Pick<Browser, 'program' | 'library'>;

/**
 * One command for the whole check, so that all that holds for commands holds for it: the sandbox with its network, the
 * limits of time, and that nothing of it goes on afterwards. The server and the browser share its loopback.
 */
export const browserCommand = ({ type: _, ...check }: BrowserVerification, browser: Browser): string => {
  const { program, library, entry } = browser;
  const request: PageRequest = { ...check, program, library };
  return `exec ${[process.execPath, entry, JSON.stringify(request)].map(singleQuoted).join(' ')}`;
};
