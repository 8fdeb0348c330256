import { createContext, Script } from 'node:vm';

/**
 * What takes longer would hang the worker (`(a+)+$` on a long line). An honest expression needs a millisecond; the rest is for
 * a machine so busy that this process has no turn for a while, since it is time on the clock that counts here.
 */
const MATCH_MS = 2_000;

const script = new Script('[...text.matchAll(new RegExp(source, flags))].slice(0, limit)');

export interface Match {
  readonly text: string;
  readonly index: number;
  readonly groups: Readonly<Record<string, string>>;
}

/** The expression ran for too long. */
export class MatchTimeout extends Error {}

/**
 * Matches an expression that a recipe brought along. Recipes can come with a stranger's repository, and a regular
 * expression can run for ever; `vm` ends it. (`vm` is no sandbox, and need not be: the expression is data here.)
 * @throws {MatchTimeout}
 */
export const matchAll = (source: string, flags: string, text: string, limit = 1): readonly Match[] => {
  const context = createContext({ source, flags: `${flags}g`, text, limit });
  try {
    // The script returns what `matchAll` yields; it has no other type.
    const found = script.runInContext(context, { timeout: MATCH_MS }) as RegExpExecArray[];
    return Array.from(found, (match) => ({
      text: match[0],
      index: match.index,
      groups: Object.fromEntries(Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined)),
    }));
  } catch (error) {
    // Not `instanceof Error`: it comes out of the other context, with that context's own `Error`.
    if (typeof error === 'object' && error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new MatchTimeout(`the expression ${source} took more than ${MATCH_MS} ms on ${text.length} characters`);
    }
    throw error;
  }
};
