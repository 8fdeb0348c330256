import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import type { Browser } from '#checks';
import type { Config } from '#contracts';
import { packageRoot } from '#runtime';

type Environment = Readonly<Record<string, string | undefined>>;

/** All of them are made of Chromium; on macOS they lie outside of the PATH. */
const KNOWN = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const find = (names: readonly string[], { PATH = '' }: Environment): string | undefined => {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))))
    .find(isProgram);
};

/** It is no part of the bundle: where only that was copied, it is not there. */
const library = (): string | undefined => {
  try {
    return createRequire(import.meta.url).resolve('playwright-core');
  } catch {
    return undefined;
  }
};

/** The browser of this machine that checks use, or nothing. @param env of whoever runs the checks */
export const browserOf = ({ browser: { program: wanted } }: Config, env: Environment): Browser | undefined => {
  const entry = join(packageRoot(), 'dist', 'browser-check.cjs');
  const program = wanted === false ? undefined : find(wanted === 'auto' ? KNOWN : [wanted], env);
  const driver = program === undefined || !existsSync(entry) ? undefined : library();
  return program === undefined || driver === undefined ? undefined : { program, entry, library: driver };
};

/** What a sandbox has to show of it. A browser brings files that lie beside it. */
export const filesOfBrowser = (
  { program, library, entry }: Browser,
  { HOME = '/' }: Environment,
): readonly string[] => {
  const folder = dirname(realpathSync(program));
  const holdsHome = !relative(folder, HOME).startsWith('..');
  return [program, entry, dirname(library), ...(holdsHome ? [] : [folder])];
};
