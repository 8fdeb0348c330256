import type { Problem, Remedy } from '#contracts';
import { EXIT, type ExitCode } from './exit-codes.ts';

// Errors are told apart by their shape: importing their classes would load every schema before `--version` is printed.
interface Coded {
  readonly code: string;
  readonly remedy: Remedy;
  readonly message: string;
  readonly problems: readonly string[];
}

const REMEDIES: readonly string[] = ['change', 'retry', 'reload', 'none'] satisfies readonly Remedy[];
const isRemedy = (value: unknown): value is Remedy => typeof value === 'string' && REMEDIES.includes(value);

const problemsIn = (error: Error): readonly string[] => {
  const listed = 'problems' in error ? error.problems : [];
  return Array.isArray(listed) ? listed.filter((problem) => typeof problem === 'string') : [];
};

/** Commander names its errors `commander.unknownOption` and the like; all of them are wrong usage. */
const codedOf = (error: unknown): Coded => {
  if (!(error instanceof Error)) return { code: 'internal', remedy: 'none', message: String(error), problems: [] };
  const { message } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
  if (code.startsWith('commander.'))
    return { code: 'cli.usage', remedy: 'change', message: message.replace(/^error: /, ''), problems: [] };
  if ('remedy' in error && isRemedy(error.remedy))
    return { code, remedy: error.remedy, message, problems: problemsIn(error) };
  return { code: 'internal', remedy: 'none', message, problems: [] };
};

/** Families of errors that say: something this command needs is not there. */
const OUT_OF_REACH = /^(?:dependency|redis|host|system|workspace)\./;

export const exitCodeForError = (error: unknown): ExitCode => {
  const { code, remedy } = codedOf(error);
  if (OUT_OF_REACH.test(code)) return EXIT.unreachable;
  return remedy === 'change' ? EXIT.usage : EXIT.failed;
};

const STATUS: Readonly<Record<Remedy, number>> = { change: 422, retry: 503, reload: 409, none: 500 };

/** The `--json` form of an error: the same document that HTTP answers with. */
export const problemOf = (error: unknown): Problem => {
  const { code, remedy, message, problems } = codedOf(error);
  return {
    type: `https://studio.localhost/errors/${code}`,
    title: code,
    status: code === 'input.not_found' ? 404 : code === 'cli.usage' || code === 'input.invalid' ? 400 : STATUS[remedy],
    code,
    detail: message,
    remedy,
    ...(problems.length > 0 ? { problems: [...problems] } : {}),
  };
};

/** What a person reads: one line, or a heading and every problem in a line of its own. */
export const errorLines = (error: unknown): readonly string[] => {
  const { message, problems, code } = codedOf(error);
  const told =
    problems.length > 1
      ? [`${message.slice(0, message.indexOf(':'))}:`, ...problems.map((problem) => `  - ${problem}`)]
      : [message];
  return code === 'internal'
    ? [...told, 'This is a fault of Studio. STUDIO_DEBUG=1 before the command shows where it happened.']
    : told;
};
