import type { BacklogDocument, BacklogNext, BacklogTask, TaskStatus } from '#contracts';
import type { Style } from './style.ts';
import { columns } from './table.ts';
import { clip, count, firstLine } from './words.ts';

const MARKS: Readonly<Record<TaskStatus, string>> = { open: '·', taken: '○', running: '→', done: '✓', failed: '✗' };

const painted = (status: TaskStatus, style: Style): string => {
  const paint = { open: String, taken: style.cyan, running: style.cyan, done: style.green, failed: style.red }[status];
  return paint(status);
};

/** What else there is to know of a task: what it waits for, which run has it, why it failed. */
const remark = ({ waits_for, status, orchestration, reason }: BacklogTask): string => {
  if (status === 'failed') return firstLine(reason ?? '');
  if (status === 'running') return orchestration ?? '';
  return status === 'open' && waits_for.length > 0 ? `after ${waits_for.join(', ')}` : '';
};

const rows = (tasks: readonly BacklogTask[], style: Style): readonly string[] =>
  columns(
    tasks.map((task) => [
      `  ${MARKS[task.status]} ${task.id}`,
      painted(task.status, style),
      `P${task.priority} ${task.effort}`,
      clip(task.title, 60),
      style.dim(clip(remark(task), 70)),
    ]),
  );

const tally = ({ tasks, counts }: BacklogDocument): string => {
  const parts = Object.entries(counts).filter(([, number]) => number > 0);
  return `${count(tasks.length, 'task')}: ${parts.map(([status, number]) => `${number} ${status}`).join(', ')}`;
};

const howToFill = (program: string): readonly string[] => [
  `the backlog is empty: ${program} project decompose "<goal>" fills it, ${program} project add "<title>" adds a task`,
];

export const renderBacklog = (backlog: BacklogDocument, style: Style, program: string): readonly string[] => {
  if (backlog.tasks.length === 0) return howToFill(program);
  const [best] = backlog.next;
  return [
    style.bold(tally(backlog)),
    ...rows(backlog.tasks, style),
    ...(best ? [style.dim(`next is ${best}: ${program} project run`)] : []),
  ];
};

export const renderNext = ({ tasks }: BacklogNext, style: Style, program: string): readonly string[] =>
  tasks.length === 0 ? [`no task can begin now: ${program} project backlog tells what there is`] : rows(tasks, style);
