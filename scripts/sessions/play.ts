import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { createStage, type Scene, type Session } from './stage.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const identity = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@localhost',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@localhost',
};

/** The shipped example as somebody's repository, in a home where nothing else is. */
const makePlace = async () => {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'studio-session-')));
  const cwd = join(home, 'hello-service');
  await mkdir(cwd);
  await cp(join(ROOT, 'examples', 'hello-service'), cwd, {
    recursive: true,
    filter: (path) => !/(?:^|\/)(?:node_modules|dist|\.studio)$/.test(path.slice(ROOT.length)),
  });
  const env = {
    PATH: [join(ROOT, 'bin'), process.env.PATH ?? ''].join(delimiter),
    HOME: home,
    // The scripts of a session keep what they know in the home folder, which a sandbox would not show.
    STUDIO_SANDBOX_MODE: 'off',
    LANG: 'C.UTF-8',
    ...identity,
  };
  const git = (...args: readonly string[]) => execa('git', args, { cwd, env, extendEnv: false });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Add the hello service');
  return { home, cwd, env };
};

export interface Played {
  readonly scenes: readonly Scene[];
  /** Folder that stands for `~`. */
  readonly home: string;
  /** How lines to copy name the program here. */
  readonly program: string;
}

/** Plays a session from its beginning, in a place of its own. @throws {Error} something did not come as expected */
export const play = async (session: Session): Promise<Played> => {
  const { home, ...place } = await makePlace();
  const { stage, scenes } = createStage(place);
  try {
    await session.play(stage);
    return { scenes, home, program: join(ROOT, 'bin', 'studio') };
  } finally {
    await execa('studio', ['down'], { ...place, extendEnv: false, reject: false });
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
};
