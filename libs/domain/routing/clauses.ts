import type { Lexicon } from './lexicon.ts';
import { isAdverb } from './noun-phrases.ts';
import { matchPhrase, type PhraseMatch, singular } from './phrases.ts';
import type { VerbFamily } from './policy.ts';
import type { Token } from './tokens.ts';

/** A clause of the goal: what is asked for in the imperative, or a statement (`verb` is null). */
export interface Clause {
  readonly verb: PhraseMatch<VerbFamily> | null;
  /** Words after the verb; of a statement, all words after polite ones. */
  readonly rest: readonly Token[];
  /** "I want …", "we need …": a statement that asks for the thing it names. */
  readonly wished: boolean;
}

/** Whether a noun phrase ends before the word at `at`: nothing follows, or something that no noun has before it. */
export const endsBefore = (tokens: readonly Token[], at: number, { grammar }: Lexicon): boolean => {
  if (at > 0 && tokens[at - 1]?.after !== 'space') return true;
  const word = tokens[at]?.word;
  if (word === undefined) return true;
  return (
    grammar.breaks.has(word) ||
    grammar.joins.has(word) ||
    grammar.contrasts.has(word) ||
    grammar.parts.has(word) ||
    grammar.determiners.has(word) ||
    isAdverb(word)
  );
};

/** "Build error on Windows", "Update fails": the first word is no verb there. */
const isModifier = (tokens: readonly Token[], at: number, lexicon: Lexicon): boolean =>
  lexicon.modifiers.has(tokens[at]?.word ?? '') &&
  (matchPhrase(lexicon.defectStates, tokens, at + 1) !== null ||
    (lexicon.defectNouns.has(singular(tokens[at + 1]?.word ?? '')) && endsBefore(tokens, at + 2, lexicon)));

/** Words that end a noun phrase and yet follow a verb: "fix it", "refactor to …", "document how …". */
const MAY_FOLLOW: ReadonlySet<string> = new Set([
  'it',
  'that',
  'what',
  'how',
  'when',
  'why',
  'where',
  'up',
  'to',
  'every',
]);

/** A verb of the policy at `at`, if it is used as one: something follows that it can be done to. */
const verbAt = (tokens: readonly Token[], at: number, lexicon: Lexicon, opensGoal: boolean) => {
  const match = matchPhrase(lexicon.verbs, tokens, at);
  // A plural is a noun ("tests in CI"), unless the policy names that form ("fixes").
  if (match === null || tokens[at]?.word !== match.phrase.split(' ')[0]) return null;
  const { grammar } = lexicon;
  const next = at + match.length;
  const follower = tokens[next]?.word;
  const ends = follower === undefined || tokens[next - 1]?.after !== 'space';
  if (ends || grammar.joins.has(follower)) return opensGoal ? match : null;
  const cannotBeObject = grammar.breaks.has(follower) || grammar.contrasts.has(follower) || grammar.parts.has(follower);
  if (cannotBeObject && !MAY_FOLLOW.has(follower)) return null;
  return isModifier(tokens, at, lexicon) ? null : match;
};

/** Nobody is more polite than that; it keeps a text of nothing else linear. */
const MOST_FILLERS = 12;

/** The first word at or after `from` that is more than politeness. */
const skipFillers = (tokens: readonly Token[], from: number, { grammar }: Lexicon): number => {
  let at = from;
  while (at - from < MOST_FILLERS && grammar.fillers.has(tokens[at]?.word ?? '')) at += 1;
  return at;
};

const isNegated = (tokens: readonly Token[], from: number, { grammar }: Lexicon): boolean => {
  const word = tokens[from]?.word ?? '';
  return grammar.negations.has(word) || (word === 'do' && grammar.negations.has(tokens[from + 1]?.word ?? ''));
};

/** Whether the joiner or comma before `at` parts two clauses, not two nouns: a verb follows. */
const opensClause = (tokens: readonly Token[], at: number, lexicon: Lexicon): boolean => {
  const start = skipFillers(tokens, at, lexicon);
  return isNegated(tokens, start, lexicon) || verbAt(tokens, start, lexicon, false) !== null;
};

/** Whether a clause ends with the token at `at`; `joined` when a joiner there would be inside it. */
const endsClause = (tokens: readonly Token[], at: number, joined: boolean, lexicon: Lexicon): boolean => {
  const { word, after } = tokens[at] ?? { word: '', after: 'stop' };
  if (after === 'stop' || lexicon.grammar.contrasts.has(tokens[at + 1]?.word ?? '')) return true;
  const mayPart = after === 'comma' || (joined && lexicon.grammar.joins.has(word));
  return mayPart && opensClause(tokens, at + 1, lexicon);
};

/** Where the clause that begins at `from` ends (exclusive). */
const clauseEnd = (tokens: readonly Token[], from: number, lexicon: Lexicon): number => {
  let at = from;
  while (at < tokens.length && !endsClause(tokens, at, at > from, lexicon)) at += 1;
  return Math.min(at + 1, tokens.length);
};

const readClause = (tokens: readonly Token[], opensGoal: boolean, lexicon: Lexicon): Clause | null => {
  const { fillers, wishes, contrasts } = lexicon.grammar;
  const first = contrasts.has(tokens[0]?.word ?? '') ? 1 : 0;
  const start = skipFillers(tokens, first, lexicon);
  if (isNegated(tokens, start, lexicon)) return null;
  const verb = verbAt(tokens, start, lexicon, opensGoal);
  const wished = tokens.slice(first, start).some(({ word }) => fillers.has(word) && wishes.has(word));
  // Of a statement nothing is skipped but wishes: "it is not working" needs its words.
  const from = verb ? start + verb.length : wished ? start : first;
  return { verb, rest: tokens.slice(from), wished };
};

/** The clauses of a goal in order; one that forbids something ("don't touch the tests") asks for nothing and is left out. */
export const clausesOf = (tokens: readonly Token[], lexicon: Lexicon): readonly Clause[] => {
  const clauses: Clause[] = [];
  let sentence = true;
  for (let from = 0; from < tokens.length; ) {
    const end = clauseEnd(tokens, from, lexicon);
    const clause = readClause(tokens.slice(from, end), sentence, lexicon);
    if (clause) clauses.push(clause);
    sentence = tokens[end - 1]?.after === 'stop';
    from = end;
  }
  return clauses;
};
