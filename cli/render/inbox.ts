import type { InboxDocument } from '#contracts';
import { aboutInteraction, answerCommands } from './interaction.ts';
import type { Style } from './style.ts';
import { clip, count, firstLine } from './words.ts';

type Item = InboxDocument['waiting'][number];

const whose = ({ orchestration, parent, goal }: Item): string =>
  `${orchestration}${parent ? ` (task ${parent.task} of ${parent.orchestration})` : ''}  ${clip(firstLine(goal), 60)}`;

export const renderInbox = ({ waiting }: InboxDocument, program: string, style: Style): readonly string[] => {
  if (waiting.length === 0) return ['nothing waits for a person'];
  const items = waiting.flatMap((item) => [
    `${style.yellow('?')} ${style.bold(whose(item))}`,
    ...aboutInteraction(item.interaction),
    ...answerCommands(item.orchestration, item.interaction, { program, alone: item.open === 1, style }),
    '',
  ]);
  return [...items, style.dim(`${count(waiting.length, 'question')} for a person`)];
};
