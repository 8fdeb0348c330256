import { join } from 'node:path';
import { parseJson } from '../parse-json.ts';
import { estimateTokens } from './estimate.ts';
import { filesBelow, filesIn, readText } from './files.ts';
import type { Places } from './places.ts';

export interface Pool {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
  readonly used: (places: Places) => number;
}

const tokensOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => {
    const text = readText(file);
    return text === null ? sum : sum + estimateTokens(file, text);
  }, 0);

const contextUsedBy = (agent: unknown): number =>
  typeof agent === 'object' && agent !== null && 'context_used' in agent && typeof agent.context_used === 'number'
    ? agent.context_used
    : 0;

/** What the agents of one session said they used; a file that is no such document used nothing. */
const contextUsed = (file: string): number => {
  const document = parseJson(readText(file) ?? '');
  if (typeof document !== 'object' || document === null || !('agent_states' in document)) return 0;
  const agents: unknown = document.agent_states;
  return Array.isArray(agents) ? agents.reduce((sum: number, agent: unknown) => sum + contextUsedBy(agent), 0) : 0;
};

/** In the order in which they are listed. */
export const POOLS: readonly Pool[] = [
  {
    name: 'reserved',
    soft: 30_000,
    hard: 35_000,
    used: ({ packageRoot }) =>
      tokensOf([
        ...filesBelow(join(packageRoot, 'plugin', 'skills'), 'SKILL.md'),
        ...filesIn(join(packageRoot, 'plugin', 'commands'), '.md'),
      ]),
  },
  {
    name: 'learnings',
    soft: 20_000,
    hard: 25_000,
    used: ({ learnings }) => tokensOf(filesIn(learnings.path, '.md')),
  },
  { name: 'backlog', soft: 15_000, hard: 20_000, used: ({ studio }) => tokensOf([join(studio, 'backlog.json')]) },
  {
    name: 'plans',
    soft: 30_000,
    hard: 35_000,
    used: ({ studio }) => tokensOf(filesBelow(join(studio, 'tasks'), 'plan.json')),
  },
  {
    name: 'context7',
    soft: 25_000,
    hard: 30_000,
    used: ({ studio }) => tokensOf(filesIn(join(studio, '.cache', 'context7'))),
  },
  {
    name: 'working',
    soft: 30_000,
    hard: 40_000,
    used: ({ studio }) =>
      filesBelow(join(studio, 'orchestration'), 'state.json').reduce((sum, file) => sum + contextUsed(file), 0),
  },
];

export const TOTAL = { soft: 150_000, hard: 185_000 };
