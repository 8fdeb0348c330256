import { type Learning, LearningDomain } from '#contracts';

/** File name of a domain below `studio/learnings/`. A colon is no good in one. */
export const learningsFile = (domain: string): string => `${domain.replace(':', '-')}.md`;

/** The domain of a file, or `null` where the name is none. */
export const domainOfFile = (name: string): string | null => {
  const domain = LearningDomain.safeParse(name.replace(/\.md$/, '').replace(/^integration-/, 'integration:'));
  return name.endsWith('.md') && domain.success ? domain.data : null;
};

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** A learning as an agent reads it. */
export const learningLine = ({ time, text }: Pick<Learning, 'time' | 'text'>): string =>
  `- ${time.slice(0, 10)}: ${oneLine(text)}`;

/** A whole file, newest first. */
export const renderLearnings = (domain: string, learnings: readonly Learning[]): string =>
  [
    `# Learnings: ${domain}`,
    '',
    'What runs of Studio found out here, newest first. Agents are given the lines that fit their goal.',
    'Written again from the log after each run that learned something; lines that you add are kept.',
    '',
    ...learnings.map((learning) =>
      learning.orchestration === null
        ? learningLine(learning)
        : `${learningLine(learning)} (${learning.orchestration})`,
    ),
    '',
  ].join('\n');

const LINE = /^[-*] (?:(\d{4}-\d{2}-\d{2}):? )?(.+?)(?: \((orch_\d{8}_\d{6}_[0-9a-f]{4,12})\))?$/;

/**
 * The learnings of a file that Studio wrote, a person, or both. Lines that are no list items are text for people.
 * @param day of an item that has none, as the first ten characters of ISO 8601
 */
export const parseLearnings = (domain: string, markdown: string, day: string): readonly Learning[] =>
  markdown.split('\n').flatMap((line) => {
    const [, date, text, orchestration] = LINE.exec(line.trim()) ?? [];
    if (!text) return [];
    const known = date !== undefined && !Number.isNaN(Date.parse(date)) ? date : day;
    return [{ domain, text: text.slice(0, 2_000), time: known, orchestration: orchestration ?? null }];
  });
