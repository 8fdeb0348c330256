import { createContext, Script } from 'node:vm';
import { runLimited } from '#runtime';

/** A pattern of a plan may take for ever on an unlucky text; nothing else would run meanwhile, not even an abort. */
const MAX_MS = 500;

const script = new Script('expression.test(text)');

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
  try {
    return runLimited(script, createContext({ expression, text }), MAX_MS) === true ? 'found' : 'absent';
  } catch {
    return 'too_slow';
  }
};
