import type { InboxDocument } from '#contracts';
import { renderAssignment } from './assignment.ts';
import { aboutInteraction, answerCommands } from './interaction.ts';
import type { Style } from './style.ts';
import { clip, count, firstLine } from './words.ts';

type Item = InboxDocument['waiting'][number];
type Work = InboxDocument['work'][number];

const whose = ({ orchestration, parent, goal }: Pick<Item, 'orchestration' | 'parent' | 'goal'>): string =>
  `${orchestration}${parent ? ` (task ${parent.task} of ${parent.orchestration})` : ''}  ${clip(firstLine(goal), 60)}`;

const question = (item: Item, program: string, style: Style): readonly string[] => [
  `${style.yellow('?')} ${style.bold(whose(item))}`,
  ...aboutInteraction(item.interaction),
  ...answerCommands(item.orchestration, item.interaction, { program, alone: item.open === 1, style }),
  '',
];

const handedOut = (item: Work, program: string, style: Style): readonly string[] => [
  `${style.yellow('?')} ${style.bold(whose(item))}`,
  ...renderAssignment(item.orchestration, item.assignment, program, style).slice(1),
  '',
];

export const renderInbox = ({ waiting, work }: InboxDocument, program: string, style: Style): readonly string[] => {
  if (waiting.length + work.length === 0) return ['nothing waits for a person'];
  const sums = [
    ...(waiting.length > 0 ? [count(waiting.length, 'question')] : []),
    ...(work.length > 0 ? [count(work.length, 'piece')] : []),
  ];
  return [
    ...waiting.flatMap((item) => question(item, program, style)),
    ...work.flatMap((item) => handedOut(item, program, style)),
    style.dim(`${sums.join(' and ')}${work.length > 0 ? ' of work' : ''} for a person`),
  ];
};
