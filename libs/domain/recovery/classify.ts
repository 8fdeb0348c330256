import * as z from 'zod';
import { FailureCategory, ProviderFault, RegularExpression } from '#contracts';

/** Matched without regard to case, with `^` and `$` at every line. */
const FLAGS = 'im';

export const ErrorPattern = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/, { error: 'a pattern id looks like npm.peer-conflict' }),
  pattern: RegularExpression,
  category: FailureCategory,
  why: z.string().min(1),
  hint: z.string().min(1),
  window: z.boolean().default(false).describe('the text may say when the service takes requests again'),
  provider: ProviderFault.optional().describe('where an engine says so, the fault is with the provider of its models'),
});
export type ErrorPattern = z.infer<typeof ErrorPattern>;

/** `data/error-patterns.yaml`; a team's own patterns are put in front of the built-in ones. */
export const ErrorPatterns = z.strictObject({
  patterns: z.array(ErrorPattern).refine((patterns) => new Set(patterns.map(({ id }) => id)).size === patterns.length, {
    error: 'every pattern has an id of its own',
  }),
});
export type ErrorPatterns = z.infer<typeof ErrorPatterns>;

/** A team's own patterns, as the configuration has them. They are asked before the built-in ones. */
export const teamPatterns = (
  patterns: readonly Pick<ErrorPattern, 'pattern' | 'category'>[],
): readonly ErrorPattern[] =>
  patterns.map(({ pattern, category }, index) => ({
    id: `own.pattern-${'abcdefghijklmnopqrstuvwxyz'[index % 26]}`,
    pattern,
    category,
    why: 'a pattern of .studio/config.yaml',
    hint: 'see recovery.patterns in .studio/config.yaml',
    window: false,
  }));

/** What is known of a failure when it happens. */
export interface FailureFacts {
  readonly error: string;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
}

export interface Classification {
  readonly category: FailureCategory;
  readonly hint: string | null;
  /** The pattern that matched, or `null`: exit code, time or default decided. */
  readonly patternId: string | null;
  /** The text may say when the service takes requests again. */
  readonly window: boolean;
  /** Of an engine: what is the matter with the provider of its models. */
  readonly provider: ProviderFault | null;
}

/** Causes stand at the beginning of an output, verdicts at its end; what lies between is not searched. */
const MOST_CHARACTERS = 16_000;

const ends = (text: string): string =>
  text.length <= 2 * MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}\n${text.slice(-MOST_CHARACTERS)}`;

const compiled = new WeakMap<readonly ErrorPattern[], readonly RegExp[]>();

const expressionsOf = (patterns: readonly ErrorPattern[]): readonly RegExp[] => {
  const known = compiled.get(patterns);
  if (known) return known;
  const expressions = patterns.map(({ pattern }) => new RegExp(pattern, FLAGS));
  compiled.set(patterns, expressions);
  return expressions;
};

// What a shell says by exit code alone, where the text says nothing.
const byExitCode = (exitCode: number | null): Classification | null => {
  switch (exitCode) {
    case 126:
      return {
        category: 'blocker',
        hint: 'the program may not be executed: check its mode',
        patternId: null,
        window: false,
        provider: null,
      };
    case 127:
      return {
        category: 'blocker',
        hint: 'install the program, or put it on the PATH of the worker',
        patternId: null,
        window: false,
        provider: null,
      };
    // 128 and the number of the signal: it was ended from outside.
    case 137:
    case 143:
      return {
        category: 'transient',
        hint: 'it was killed: by somebody, or by the system for want of memory',
        patternId: null,
        window: false,
        provider: null,
      };
    default:
      return null;
  }
};

/**
 * What kind of failure this is: by the first pattern that matches, else by exit code or time-out, else a `code_error`,
 * because most failures of building are and a retry with the error in hand is the cheapest answer.
 */
export const classify = (
  { error, exitCode, timedOut }: FailureFacts,
  patterns: readonly ErrorPattern[],
): Classification => {
  const text = ends(error);
  const index = expressionsOf(patterns).findIndex((expression) => expression.test(text));
  const found = patterns[index];
  if (found)
    return {
      category: found.category,
      hint: found.hint,
      patternId: found.id,
      window: found.window,
      provider: found.provider ?? null,
    };
  if (timedOut)
    return {
      category: 'transient',
      hint: 'it took longer than its time limit',
      patternId: null,
      window: false,
      provider: null,
    };
  return byExitCode(exitCode) ?? { category: 'code_error', hint: null, patternId: null, window: false, provider: null };
};
