import { createRequire } from 'node:module';
import type { Browser, LaunchOptions } from 'playwright-core';
import { firstLine } from './assertions.ts';
import type { PageRequest } from './browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The way out of a sandbox, and any other that commands are told. */
const proxyOf = ({ HTTPS_PROXY, HTTP_PROXY, NO_PROXY = '' }: Environment): Pick<LaunchOptions, 'proxy'> => {
  const address = HTTPS_PROXY ?? HTTP_PROXY;
  if (address === undefined || !URL.canParse(address)) return {};
  const { protocol, host, username, password } = new URL(address);
  return { proxy: { server: `${protocol}//${host}`, bypass: NO_PROXY, username, password } };
};

/**
 * Chromium has a sandbox of its own for its pages, which needs namespaces: within ours there are none, and as the
 * superuser it starts only without.
 */
const ownSandbox = (): readonly boolean[] => (process.getuid?.() === 0 ? [false] : [true, false]);

/** @throws when it does not start, with what it said */
export const openBrowser = async (
  { program, library }: Pick<PageRequest, 'program' | 'library'>,
  environment: Environment,
): Promise<Browser> => {
  const { chromium }: typeof import('playwright-core') = createRequire(library)(library);
  let failed: unknown;
  for (const chromiumSandbox of ownSandbox()) {
    try {
      return await chromium.launch({ executablePath: program, chromiumSandbox, ...proxyOf(environment) });
    } catch (error) {
      failed = error;
    }
  }
  throw new Error(`the browser ${program} did not start: ${reasonOf(failed)}`, { cause: failed });
};

/** The library tells its whole conversation with the browser; what the browser said is marked. */
const reasonOf = (error: unknown): string => {
  const said = (error instanceof Error ? error.message : '').match(/\[err\] .*/g) ?? [];
  return [firstLine(error), ...said.slice(0, 3)].join('; ');
};
