import type { TaskDraft } from '#contracts';

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:\n${lines.map((line) => `- ${line}`).join('\n')}`];

/** The goal that is submitted for a task: its own words, or all that the map says of it. */
export const taskGoal = ({ goal, title, description, acceptance, files }: TaskDraft): string =>
  goal ??
  [
    title,
    ...(description === '' ? [] : [description]),
    ...section(
      'Done when',
      acceptance.map(({ criterion }) => criterion),
    ),
    ...section('Changes only', files),
  ].join('\n\n');
