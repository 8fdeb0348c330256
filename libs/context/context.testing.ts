import type { ContextPolicy, Learning, Plan } from '#contracts';
import type { Reading } from './pieces.ts';

/** The limits that ship with Studio. */
export const policy: ContextPolicy = {
  pools: {
    reserved: { soft: 30_000, hard: 35_000 },
    learnings: { soft: 20_000, hard: 25_000 },
    backlog: { soft: 15_000, hard: 20_000 },
    plans: { soft: 30_000, hard: 35_000 },
    context7: { soft: 25_000, hard: 30_000 },
    working: { soft: 30_000, hard: 40_000 },
  },
  total: { soft: 150_000, hard: 185_000 },
};

export const NOW = '2026-06-30T12:00:00.000Z';

export const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();

export const learning = (text: string, change: Partial<Learning> = {}): Learning => ({
  domain: 'global',
  text,
  time: daysAgo(1),
  orchestration: null,
  ...change,
});

export const plan: Plan = {
  id: 'bp_1',
  task_id: 'T1',
  goal: 'g',
  acceptance_criteria: [],
  steps: [
    { id: 'step_1', name: 'first', action: 'long '.repeat(200), success_criteria: [], depends_on: [] },
    { id: 'step_2', name: 'second', action: 'short', success_criteria: [], depends_on: ['step_1'] },
  ],
  quality_gates: {},
};

export const reading = (change: Partial<Reading> = {}): Reading => ({
  texts: [],
  learnings: [],
  docs: [],
  plan: null,
  ...change,
});

/** A word is a token. */
export const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length;

export const words = (count: number, word = 'word'): string => Array.from({ length: count }, () => word).join(' ');
