import { delimiter, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every program may expect of a Unix system. Anything else needs a line under `env.allow`. */
const BASIC = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'];

/** No pager, prompt, colour or progress bar: nobody is there to see it. */
const FIXED = {
  TERM: 'dumb',
  CI: '1',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  npm_config_update_notifier: 'false',
  // An installation here must not put hooks into the repository of the person.
  HUSKY: '0',
  SKIP_INSTALL_SIMPLE_GIT_HOOKS: '1',
};

/** The environment of a command: clean, so that a secret of the worker reaches a program only by configuration. */
export const commandEnvironment = (environment: Environment, allow: readonly string[]): Record<string, string> => {
  const chosen: Record<string, string> = { ...FIXED };
  for (const name of [...BASIC, ...allow]) {
    const value = environment[name];
    if (value !== undefined) chosen[name] = value;
  }
  return { LANG: 'C.UTF-8', PATH: '/usr/local/bin:/usr/bin:/bin', ...chosen };
};

/** Puts a Python environment of the workspace first, as activating it would. */
export const withVirtualEnvironment = (variables: Record<string, string>, directory: string) => ({
  ...variables,
  VIRTUAL_ENV: join(directory, '.venv'),
  PATH: [join(directory, '.venv', 'bin'), variables.PATH].join(delimiter),
});
