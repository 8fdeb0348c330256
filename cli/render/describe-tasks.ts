import type { Recorded, RecordedOf } from '#events';
import { sentenceOf } from '#replay';
import { type Line, line } from './line.ts';
import { type Progress, taskLabel } from './progress.ts';
import { count, firstLine } from './words.ts';

const drawn = ({ data: { map, source } }: RecordedOf<'map.drawn'>, full: boolean): readonly Line[] => [
  line('good', `map from ${source}: ${count(map.tasks.length, 'task')}`),
  ...(full ? map.tasks.map(({ id, title }) => line('more', `${id} ${firstLine(title)}`)) : []),
];

const planned = ({ data: { tasks, atOnce } }: RecordedOf<'children.planned'>): readonly Line[] => [
  line('step', `${count(tasks.length, 'task')}, at most ${atOnce} at once`),
  ...tasks.map(({ id, goal, depends_on }) =>
    line(
      'more',
      `${id} ${firstLine(goal)}${depends_on.length > 0 ? ` (after ${depends_on.map(({ task }) => task).join(', ')})` : ''}`,
    ),
  ),
];

const ended = (event: RecordedOf<'child.ended'>, progress: Progress): readonly Line[] => {
  const { task, outcome, reason } = event.data;
  if (outcome === 'completed') return [line('good', taskLabel(progress, task))];
  return [line('bad', `${taskLabel(progress, task)}: ${outcome}${reason ? `, ${firstLine(reason)}` : ''}`)];
};

/** Lines about the tasks of a run; `null` for events that are about something else. */
export const describeTasks = (event: Recorded, progress: Progress, full: boolean): readonly Line[] | null => {
  switch (event.type) {
    case 'map.drawn':
      return drawn(event, full);
    case 'children.planned':
      return planned(event);
    case 'child.started':
      return full || event.data.try > 1 ? [line('step', sentenceOf(event))] : [];
    case 'child.ended':
      return ended(event, progress);
    case 'child.skipped':
    case 'abort.requested':
      return [line('warn', sentenceOf(event))];
    case 'branch.merged':
      return full ? [line('good', sentenceOf(event))] : [];
    default:
      return null;
  }
};
