import { type PhraseIndex, phraseIndex } from './phrases.ts';
import type { RoutingPolicy, VerbFamily } from './policy.ts';

type Grammar = { readonly [K in keyof RoutingPolicy['grammar']]: ReadonlySet<string> };

/** A routing policy, indexed for reading. */
export interface Lexicon {
  readonly policy: RoutingPolicy;
  readonly grammar: Grammar;
  readonly verbs: PhraseIndex<VerbFamily>;
  readonly defectNouns: ReadonlySet<string>;
  readonly certainDefects: ReadonlySet<string>;
  readonly repairs: ReadonlySet<string>;
  readonly defectStates: PhraseIndex<true>;
  readonly modifiers: ReadonlySet<string>;
  readonly wholes: ReadonlySet<string>;
  readonly wide: ReadonlySet<string>;
  readonly small: ReadonlySet<string>;
  readonly strongScope: PhraseIndex<true>;
  readonly weakScope: PhraseIndex<true>;
  readonly scopeAdverbs: PhraseIndex<true>;
  readonly components: PhraseIndex<string>;
  readonly listDetails: ReadonlySet<string>;
  readonly listAnnouncements: ReadonlySet<string>;
  readonly listCommands: PhraseIndex<true>;
  readonly skills: PhraseIndex<readonly string[]>;
}

const flagged = (phrases: readonly string[]) => phraseIndex(phrases.map((phrase) => [phrase, true] as const));

const named = (groups: Readonly<Record<string, readonly string[]>>) =>
  phraseIndex(Object.entries(groups).flatMap(([name, phrases]) => phrases.map((phrase) => [phrase, name] as const)));

// A phrase may belong to several skills ("deployment pipeline" work is devops, "pipeline" may be data too).
const skillIndex = (skills: RoutingPolicy['skills']) => {
  const byPhrase = new Map<string, readonly string[]>();
  for (const [skill, phrases] of Object.entries(skills))
    for (const phrase of phrases) byPhrase.set(phrase, [...(byPhrase.get(phrase) ?? []), skill]);
  return phraseIndex(byPhrase);
};

const compile = (policy: RoutingPolicy): Lexicon => {
  const { verbs, defects, scope, lists, skills, grammar } = policy;
  return {
    policy,
    grammar: {
      fillers: new Set(grammar.fillers),
      wishes: new Set(grammar.wishes),
      negations: new Set(grammar.negations),
      determiners: new Set(grammar.determiners),
      indefinite: new Set(grammar.indefinite),
      joins: new Set(grammar.joins),
      contrasts: new Set(grammar.contrasts),
      parts: new Set(grammar.parts),
      breaks: new Set(grammar.breaks),
      modals: new Set(grammar.modals),
    },
    verbs: phraseIndex(verbs.flatMap((family) => family.words.map((word) => [word, family] as const))),
    defectNouns: new Set(defects.nouns),
    certainDefects: new Set(defects.certain),
    repairs: new Set(defects.repairs),
    defectStates: flagged(defects.states),
    modifiers: new Set(defects.modifiers),
    wholes: new Set(scope.wholes),
    wide: new Set([...scope.wide, ...scope.wholes]),
    small: new Set(scope.small),
    strongScope: flagged(scope.strong),
    weakScope: flagged(scope.weak),
    scopeAdverbs: flagged(scope.adverbs),
    components: named(scope.components),
    listDetails: new Set(lists.details),
    listAnnouncements: new Set(lists.announcements),
    listCommands: flagged(lists.commands),
    skills: skillIndex(skills),
  };
};

const compiled = new WeakMap<RoutingPolicy, Lexicon>();

/** A policy object never changes after it was parsed, so its index is made once. */
export const lexiconOf = (policy: RoutingPolicy): Lexicon => {
  const known = compiled.get(policy);
  if (known) return known;
  const lexicon = compile(policy);
  compiled.set(policy, lexicon);
  return lexicon;
};
