import { runInNewContext } from 'node:vm';

/** A pattern of a plan may take for ever on an unlucky text; nothing else would run meanwhile, not even an abort. */
const MAX_MS = 500;

/** What this process computed: while others have the machine, a pattern is not slow. */
const computedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Flags in front, as other languages write them: `(?i)health`. */
const FLAGS = /^\(\?([ims]+)\)/;

const compile = (pattern: string): RegExp | null => {
  const flags = FLAGS.exec(pattern)?.[1] ?? '';
  try {
    return new RegExp(pattern.replace(FLAGS, ''), [...new Set(`m${flags}`)].join(''));
  } catch {
    return null;
  }
};

/** Looks for a regular expression; one that does not compile is looked for as it stands. */
export const matchesPattern = (text: string, pattern: string): 'found' | 'absent' | 'too_slow' => {
  const expression = compile(pattern);
  if (expression === null) return text.includes(pattern) ? 'found' : 'absent';
  const enough = computedMs() + MAX_MS / 2;
  do {
    try {
      const found: unknown = runInNewContext('expression.test(text)', { expression, text }, { timeout: MAX_MS });
      return found === true ? 'found' : 'absent';
    } catch {
      // Its time is over.
    }
  } while (computedMs() < enough);
  return 'too_slow';
};
