import { createContext, Script } from 'node:vm';
import { isScriptTimeout, runLimited } from '#runtime';

/** What takes longer would hang the worker (`(a+)+$` on a long line). An honest expression needs a millisecond. */
const MATCH_MS = 500;

const script = new Script('[...text.matchAll(new RegExp(source, flags))].slice(0, limit)');
/** One for all matches: to make one takes 1 ms, five times as long as a match. */
const context = createContext({});

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
  Object.assign(context, { source, flags: `${flags}g`, text, limit });
  try {
    // The script returns what `matchAll` yields; it has no other type.
    const found = runLimited(script, context, MATCH_MS) as RegExpExecArray[];
    return Array.from(found, (match) => ({
      text: match[0],
      index: match.index,
      groups: Object.fromEntries(Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined)),
    }));
  } catch (error) {
    if (isScriptTimeout(error)) {
      throw new MatchTimeout(`the expression ${source} took more than ${MATCH_MS} ms on ${text.length} characters`);
    }
    throw error;
  }
};
