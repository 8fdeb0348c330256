import type { Learning } from '#contracts';
import type { CountTokens } from '../pieces.ts';
import { learningLine } from './markdown.ts';

/** What a goal is about, as far as learnings go. */
export interface Subject {
  readonly text: string;
  readonly skills: readonly string[];
}

/** Skills that the routing table knows, and the domain that each belongs to. */
const DOMAINS: Readonly<Record<string, string>> = {
  security: 'security',
  frontend: 'frontend',
  accessibility: 'frontend',
  backend: 'backend',
  data: 'backend',
  testing: 'testing',
  performance: 'performance',
};

/** Say nothing about what a text is about. */
const COMMON = new Set(
  'about after again also another because been before being build change could create does each first from have into make more must need only other over same should some step such test tests than that their them then there these they this those through under until update using want were what when where which while will with without work would your'.split(
    ' ',
  ),
);

const INTEGRATION =
  /\bintegrat\w*\s+(?:with|of|for)?\s*(?:the\s+)?([A-Za-z][\w.-]*)|([A-Za-z][\w.-]*)\s+(?:integration|webhooks?|sdk)\b/gi;
const NOT_A_NAME = new Set([
  'the',
  'an',
  'our',
  'new',
  'this',
  'that',
  'with',
  'and',
  'continuous',
  'an',
  'add',
  'fix',
]);

/** The services that a text says it integrates with: `integration:stripe`. */
export const integrationsIn = (text: string): readonly string[] => {
  const names = [...text.matchAll(INTEGRATION)].flatMap(([, after, before]) => {
    const name = (after ?? before ?? '').toLowerCase().replace(/[._-]+$/, '');
    return name.length > 1 && !NOT_A_NAME.has(name) ? [`integration:${name}`] : [];
  });
  return [...new Set(names)];
};

/** Domains of a subject, the most special first; `global` is always one of them. */
export const domainsOf = ({ text, skills }: Subject): readonly string[] => [
  ...new Set([...integrationsIn(text), ...skills.flatMap((skill) => DOMAINS[skill] ?? []), 'global']),
];

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(/[a-z0-9][a-z0-9_-]{3,}/g) ?? []).filter((word) => !COMMON.has(word)));

/** One word in common is chance; two are a subject. */
const WORDS_IN_COMMON = 2;

const isAbout = (learning: Learning, domains: ReadonlySet<string>, words: ReadonlySet<string>): boolean => {
  if (domains.has(learning.domain)) return true;
  const name = learning.domain.startsWith('integration:') ? learning.domain.slice('integration:'.length) : null;
  if (name !== null && words.has(name)) return true;
  let common = 0;
  for (const word of wordsOf(learning.text)) if (words.has(word)) common += 1;
  return common >= WORDS_IN_COMMON;
};

const newestFirst = (a: Learning, b: Learning): number => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0);

/** Each text once, under its newest time. */
export const distinctLearnings = (learnings: readonly Learning[]): readonly Learning[] => {
  const seen = new Set<string>();
  return learnings.toSorted(newestFirst).filter(({ domain, text }) => {
    const key = `${domain} ${text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

/** The learnings that a subject calls for by domain or by words, newest first, as many as fit into the pool. */
export const chooseLearnings = (
  learnings: readonly Learning[],
  subject: Subject,
  { most, count }: { readonly most: number; readonly count: CountTokens },
): readonly Learning[] => {
  const domains = new Set(domainsOf(subject));
  const words = wordsOf(subject.text);
  let left = most;
  const chosen: Learning[] = [];
  for (const learning of distinctLearnings(learnings)) {
    if (!isAbout(learning, domains, words)) continue;
    const tokens = count(`${learningLine(learning)}\n`);
    if (tokens > left) break;
    left -= tokens;
    chosen.push(learning);
  }
  return chosen;
};
