import type { Workflow } from '#contracts';
import type { Signal } from '#events';
import { type Clause, endsBefore } from './clauses.ts';
import type { Lexicon } from './lexicon.ts';
import { type NounPhrase, nounPhrases } from './noun-phrases.ts';
import { matchPhrase, type PhraseIndex, singular } from './phrases.ts';
import type { RoutingPolicy, VerbFamily } from './policy.ts';
import type { Token } from './tokens.ts';

type Verb = NonNullable<Clause['verb']>;

const sureness = ({ value }: Verb, policy: RoutingPolicy): number => value.confidence ?? policy.default.confidence;

/** A signal with the confidence that its row of the policy gives. */
export interface Finding {
  readonly signal: Signal;
  readonly confidence: number;
}

const finding = (word: string, role: Signal['role'], pointsTo: Workflow, confidence: number): Finding => ({
  signal: { word, role, pointsTo },
  confidence,
});

const occurrences = <T>(index: PhraseIndex<T>, tokens: readonly Token[]): { phrase: string; value: T }[] => {
  const found = [];
  for (let at = 0; at < tokens.length; ) {
    const match = matchPhrase(index, tokens, at);
    if (match) found.push({ phrase: match.phrase, value: match.value });
    at += match?.length ?? 1;
  }
  return found;
};

/** Three and more kinds of component named make a goal huge, whatever the verb. */
const componentFindings = (phrases: readonly NounPhrase[], lexicon: Lexicon): Finding[] => {
  const { confidence, components_for_huge } = lexicon.policy.scope;
  const byKind = new Map<string, string>();
  for (const { words } of phrases)
    for (const { phrase, value } of occurrences(lexicon.components, words))
      if (!byKind.has(value)) byKind.set(value, phrase);
  if (byKind.size < components_for_huge) return [];
  return [...byKind.values()].map((word) => finding(word, 'scope', 'decompose_first', confidence));
};

const scopeFindings = (clause: Clause, phrases: readonly NounPhrase[], lexicon: Lexicon): Finding[] => {
  const words: string[] = [];
  for (const { words: tokens, head } of phrases) {
    if (lexicon.small.has(head)) continue;
    words.push(...occurrences(lexicon.strongScope, tokens).map(({ phrase }) => phrase));
    if (lexicon.wide.has(head)) words.push(...occurrences(lexicon.weakScope, tokens).map(({ phrase }) => phrase));
  }
  const head = phrases[0]?.head;
  if (head !== undefined && !lexicon.small.has(head))
    words.push(...occurrences(lexicon.scopeAdverbs, clause.rest).map(({ phrase }) => phrase));
  return words.map((word) => finding(word, 'scope', 'decompose_first', lexicon.policy.scope.confidence));
};

const defectsAmong = (phrases: readonly NounPhrase[], defects: ReadonlySet<string>, lexicon: Lexicon): Finding[] =>
  phrases
    .filter(({ head, place }) => place === 'object' && defects.has(head))
    .map(({ head }) => finding(head, 'object', 'build_only', lexicon.policy.defects.confidence));

/** Defects that make the verb a repair. Of things that are made only the first counts: "undo, fix and delete buttons". */
const repairsAmong = (direct: readonly NounPhrase[], defects: VerbFamily['defects'], lexicon: Lexicon): Finding[] => {
  switch (defects) {
    case 'none':
      return [];
    case 'repairs':
      return defectsAmong(direct.slice(0, 1), lexicon.repairs, lexicon);
    case 'certain':
      return defectsAmong(direct, lexicon.certainDefects, lexicon);
    case 'any':
      return defectsAmong(direct, lexicon.defectNouns, lexicon);
  }
};

const isBatch = (objects: readonly string[], direct: readonly NounPhrase[]): boolean =>
  direct.some(({ words }) => objects.includes(words.map(({ word }) => word).join(' ')));

/** What a verb that makes or changes something asks for, by the size of the thing. */
const readMaking = (clause: Clause, verb: Verb, phrases: readonly NounPhrase[], lexicon: Lexicon): Finding[] => {
  const { policy, wholes } = lexicon;
  const { workflow, makes_wholes } = verb.value;
  const direct = phrases.filter(({ place }) => place === 'object');
  const mayMake = ({ indefinite }: NounPhrase) => makes_wholes === 'any' || (makes_wholes === 'new' && indefinite);
  const made = direct.filter((phrase) => wholes.has(phrase.head) && mayMake(phrase));
  const large = [
    ...made.map(({ head }) => finding(head, 'object', 'decompose_first', policy.scope.confidence)),
    ...scopeFindings(clause, direct, lexicon),
    ...componentFindings(phrases, lexicon),
  ];
  // A verb that makes things agrees with whatever the thing says of its size; "add" and "refactor" keep their own view.
  if (makes_wholes !== 'none' && large.length > 0)
    return [finding(verb.phrase, 'verb', 'decompose_first', policy.scope.confidence), ...large];
  return [finding(verb.phrase, 'verb', workflow ?? policy.default.workflow, sureness(verb, policy)), ...large];
};

/** What an imperative asks for: the verb and the thing that it is done to decide together. */
const readImperative = (clause: Clause, verb: Verb, lexicon: Lexicon): Finding[] => {
  const { workflow, scope, defects, objects } = verb.value;
  const phrases = nounPhrases(clause.rest, lexicon);
  const direct = phrases.filter(({ place }) => place === 'object');
  const repaired = repairsAmong(direct, defects, lexicon);

  if (workflow === null && defects === 'any') return readDefects(clause.rest, lexicon);
  if (workflow === null) return [...repaired, ...(scope ? scopeFindings(clause, direct, lexicon) : [])];
  const asked = finding(verb.phrase, 'verb', workflow, sureness(verb, lexicon.policy));
  if (objects) return isBatch(objects, direct) ? [asked] : [];
  if (workflow === 'build_only') return [asked, ...repaired];
  if (repaired.length > 0)
    return [finding(verb.phrase, 'verb', 'build_only', lexicon.policy.defects.confidence), ...repaired];
  return readMaking(clause, verb, phrases, lexicon);
};

/** What a statement or question complains of: "why does login error out", "the page is broken". */
const readDefects = (tokens: readonly Token[], lexicon: Lexicon): Finding[] => {
  const { confidence } = lexicon.policy.defects;
  const found: Finding[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const word = tokens[at]?.word ?? '';
    if (lexicon.grammar.modals.has(word)) return found;
    const state = matchPhrase(lexicon.defectStates, tokens, at);
    // "Failing tests in CI": at the very beginning it says what the matter is.
    if (state && (at === 0 || endsBefore(tokens, at + state.length, lexicon)))
      found.push(finding(state.phrase, 'object', 'build_only', confidence));
    else if (lexicon.defectNouns.has(singular(word)) && endsBefore(tokens, at + 1, lexicon))
      found.push(finding(singular(word), 'object', 'build_only', confidence));
  }
  return found;
};

/** "We need a new billing platform", "A multi-tenant shop": a thing is named as wanted, without a verb that makes it. */
const readWanted = (clause: Clause, lexicon: Lexicon): Finding[] => {
  const first = nounPhrases(clause.rest, lexicon)[0];
  if (first?.place !== 'object') return [];
  const { confidence } = lexicon.policy.scope;
  const scope = scopeFindings(clause, [first], lexicon);
  const opensClause = first.words[0] === clause.rest[first.indefinite && clause.rest[0] !== first.words[0] ? 1 : 0];
  const next = clause.rest.indexOf(first.words.at(-1) ?? { word: '', after: 'stop' }) + 1;
  const isNamed =
    next >= clause.rest.length ||
    ['for', 'with', 'to', 'that', 'which', 'where'].includes(clause.rest[next]?.word ?? '');
  if (!opensClause || !isNamed || !(clause.wished || first.indefinite || scope.length > 0)) return [];
  const whole = lexicon.wholes.has(first.head) ? [finding(first.head, 'object', 'decompose_first', confidence)] : [];
  return [...whole, ...scope];
};

/** Imperatives decide; only a goal that asks for nothing in the imperative is judged by the things it names. */
export const readClauses = (clauses: readonly Clause[], lexicon: Lexicon): readonly Finding[] => {
  const asked = clauses.flatMap((clause) => (clause.verb ? readImperative(clause, clause.verb, lexicon) : []));
  if (asked.length > 0) return asked;
  return clauses
    .filter(({ verb }) => verb === null)
    .flatMap((clause) => [...readDefects(clause.rest, lexicon), ...readWanted(clause, lexicon)]);
};
