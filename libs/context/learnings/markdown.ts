import { type Learning, LearningDomain } from '#contracts';
import { summaryOf } from './summary.ts';

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

/** An entry below its heading `## <day>: <first words>`; a longer text follows it, and the run that found it out. */
const renderEntry = ({ time, text, orchestration }: Learning): string => {
  const line = oneLine(text).replace(/^#+\s*/, '');
  const title = summaryOf(line);
  const parts = [
    `## ${time.slice(0, 10)}: ${title}`,
    ...(title === line ? [] : [line]),
    ...(orchestration === null ? [] : [`(${orchestration})`]),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** A whole file. */
export const renderLearnings = (domain: string, learnings: readonly Learning[]): string =>
  [
    `# Learnings: ${domain}`,
    '',
    'What runs of Studio found out here, newest first. Agents are given what fits their goal. A run that learned something',
    'adds it; the rest is yours to change, and to add to below a heading `## YYYY-MM-DD: title`.',
    '',
    ...learnings.map(renderEntry),
  ].join('\n');

const DATED = /^(\d{4}-\d{2}-\d{2}):\s*(.*)$/;
const RUN = /^\((orch_\d{8}_\d{6}_[0-9a-f]{4,12})\)$/;

/** What was cut off to make the title, or what a person wrote below one of his own. */
const joined = (title: string, body: string): string => {
  if (body === '') return title;
  return body.startsWith(title.replace(/…$/, '')) ? body : `${title}: ${body}`;
};

const parseEntry = (domain: string, entry: string, day: string): readonly Learning[] => {
  const [heading = '', ...rest] = entry.split('\n').map((line) => line.trim());
  const [, date = day, dated] = DATED.exec(heading) ?? [];
  const run = rest.findLast((line) => RUN.test(line));
  const body = oneLine(rest.filter((line) => line !== run).join(' '));
  const text = joined((dated ?? heading).trim(), body).slice(0, 2_000);
  if (text === '') return [];
  const time = Number.isNaN(Date.parse(date)) ? day : date;
  return [{ domain, text, time, orchestration: RUN.exec(run ?? '')?.[1] ?? null }];
};

/**
 * The learnings of a file that Studio wrote, a person, or both: an entry a heading `##`.
 * @param day of an entry whose heading has none, as the first ten characters of ISO 8601
 */
export const parseLearnings = (domain: string, markdown: string, day: string): readonly Learning[] =>
  markdown
    .split(/^##[ \t]+/m)
    .slice(1)
    .flatMap((entry) => parseEntry(domain, entry, day));

/** The text as it is read again from what was written. */
const asWritten = (domain: string, learning: Learning): string | undefined =>
  parseEntry(domain, renderEntry(learning).replace(/^##\s+/, ''), learning.time.slice(0, 10))[0]?.text;

/** The file with what is not in it yet, before its first entry; everything that was there stays as it was. */
export const addLearnings = (domain: string, markdown: string, learnings: readonly Learning[]): string => {
  const known = new Set(parseLearnings(domain, markdown, '').map(({ text }) => text));
  const fresh = learnings.filter((learning) => !known.has(asWritten(domain, learning) ?? ''));
  if (fresh.length === 0) return markdown;
  const entries = fresh.map(renderEntry).join('\n');
  const first = markdown.search(/^##[ \t]+/m);
  if (first < 0) return `${markdown.trimEnd()}\n\n${entries}`;
  return `${markdown.slice(0, first)}${entries}\n${markdown.slice(first)}`;
};
