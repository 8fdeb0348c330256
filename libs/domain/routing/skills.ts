import type { Lexicon } from './lexicon.ts';
import { matchPhrase } from './phrases.ts';
import type { Token } from './tokens.ts';

/** What a goal touches, most often named first; ties in the order of the policy. */
export const skillsOf = (tokens: readonly Token[], { skills, policy }: Lexicon): readonly string[] => {
  const hits = new Map(Object.keys(policy.skills).map((skill) => [skill, 0]));
  for (let at = 0; at < tokens.length; ) {
    const match = matchPhrase(skills, tokens, at);
    for (const skill of match?.value ?? []) hits.set(skill, (hits.get(skill) ?? 0) + 1);
    at += match?.length ?? 1;
  }
  return [...hits]
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, policy.most_skills)
    .map(([skill]) => skill);
};
