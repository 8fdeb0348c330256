import { createHash } from 'node:crypto';
import type { ContextPiece, ContextPool, Learning, Plan } from '#contracts';
import { learningLine, learningsFile } from './learnings/markdown.ts';

/** How many tokens a text is. */
export type CountTokens = (text: string) => number;

/** Documentation of a library that was fetched for agents. */
export interface LibraryDoc {
  readonly library: string;
  readonly text: string;
}

/** A text that is given as it is. */
export interface FixedText {
  readonly pool: ContextPool;
  readonly source: string;
  readonly text: string;
}

/** Everything that one call of an engine is given to read. */
export interface Reading {
  readonly texts: readonly FixedText[];
  readonly learnings: readonly Learning[];
  readonly docs: readonly LibraryDoc[];
  readonly plan: Plan | null;
}

const byDomain = (learnings: readonly Learning[]): ReadonlyMap<string, readonly Learning[]> => {
  const groups = new Map<string, Learning[]>();
  for (const learning of learnings) groups.set(learning.domain, [...(groups.get(learning.domain) ?? []), learning]);
  return groups;
};

/** The same as texts, each with the pool that it counts under. */
const textsOf = ({ texts, learnings, docs, plan }: Reading): readonly FixedText[] => [
  ...texts,
  ...[...byDomain(learnings)].map(
    ([domain, entries]): FixedText => ({
      pool: 'learnings',
      source: `learnings/${learningsFile(domain)}`,
      text: entries.map((entry) => `${learningLine(entry)}\n`).join(''),
    }),
  ),
  ...docs.map(({ library, text }): FixedText => ({ pool: 'context7', source: `docs/${library}.md`, text })),
  ...(plan ? [{ pool: 'plans', source: 'plan.json', text: JSON.stringify(plan) } as const] : []),
];

/** The ledger of a reading. Empty texts are nothing that was given. */
export const piecesOf = (reading: Reading, count: CountTokens): readonly ContextPiece[] =>
  textsOf(reading)
    .filter(({ text }) => text !== '')
    .map(({ pool, source, text }) => ({
      hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
      source,
      pool,
      tokens: count(text),
    }));
