import type { Deps } from './command.ts';
import { errorLines, exitCodeForError, problemOf } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { styleFor, writeLines } from './output.ts';
import { createProgram, isCleanExit, isHelpShown } from './program.ts';

export interface CliOptions extends Deps {
  readonly version: string;
}

const tell = (error: unknown, argv: readonly string[], { io }: Deps): void => {
  if (argv.includes('--json')) {
    writeLines(io.stdout, [JSON.stringify(problemOf(error))]);
    return;
  }
  const [first = '', ...rest] = errorLines(error);
  const style = styleFor(io.stderr, io);
  writeLines(io.stderr, [`${style.red('error')}: ${first}`, ...rest]);
  if (io.env.STUDIO_DEBUG && error instanceof Error)
    writeLines(io.stderr, [error.stack ?? '', String(error.cause ?? '')]);
};

/** Runs one command line (without the program's own name) to its exit code; whatever goes wrong is told, not thrown. */
export const runCli = async (argv: readonly string[], options: CliOptions): Promise<ExitCode> => {
  let code: ExitCode = EXIT.done;
  const program = createProgram({
    ...options,
    onExit: (ended) => {
      code = ended;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (isCleanExit(error)) return EXIT.done;
    if (!isHelpShown(error)) tell(error, argv, options);
    return exitCodeForError(error);
  }
};
