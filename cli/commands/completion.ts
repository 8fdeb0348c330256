import { InvalidInput } from '#contracts';
import type { CommandGroup, Run } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { writeLines } from '../output.ts';
import { type Completable, completionScript, isShell, SHELLS } from '../render/completion.ts';

const flagsOf = (flags: string): readonly string[] => flags.match(/--[a-z-]+/g) ?? [];

const completable = (groups: readonly CommandGroup[]): readonly Completable[] =>
  groups.flatMap(({ commands }) =>
    commands.map(({ usage, about, options = [], hasDocument }) => ({
      words: usage.split(' ').filter((word) => !/^[[<]/.test(word)),
      about,
      flags: [
        ...options.flatMap(({ flags }) => flagsOf(flags)),
        ...(hasDocument === false ? [] : ['--json']),
        '--help',
      ],
    })),
  );

export const completionOf =
  (groups: readonly CommandGroup[]): Run =>
  async ({ args: [shell = ''], io }) => {
    if (!isShell(shell)) throw new InvalidInput('no such shell', [`"${shell}" is none of ${SHELLS.join(', ')}`]);
    writeLines(io.stdout, completionScript(shell, completable(groups)));
    return EXIT.done;
  };
