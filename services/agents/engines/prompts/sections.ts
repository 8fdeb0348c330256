import type { PlannerAnswer } from '#contracts';
import type { EngineRequest } from '../engine.ts';

/** A heading with what stands below it; nothing where there is nothing to say. */
export const section = (title: string, text: string | null | undefined): readonly string[] =>
  text?.trim() ? [`# ${title}`, text.trim()] : [];

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

export const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;

const answerLine = ({ question, response, assumed }: PlannerAnswer): string =>
  `${question} ${response}${assumed ? ' (nobody answered: assumed)' : ''}`;

export const answersSection = (answers: readonly PlannerAnswer[]): readonly string[] =>
  section('What has been answered', list(answers.map(answerLine)));

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** What every request may bring along to be read. */
export const readingSections = ({ handoff, backlog, learnings = [], docs = [] }: EngineRequest): readonly string[] => [
  ...section('Handed over by the agent before', handoff && !isEmpty(handoff) ? json(handoff) : null),
  ...section('Tasks that are planned already', backlog),
  ...section(
    'What earlier runs found out',
    list(learnings.map(({ domain, time, text }) => `${time.slice(0, 10)}, ${domain}: ${text}`)),
  ),
  ...docs.flatMap(({ library, text }) => section(`Documentation of ${library}`, text)),
];
