import type { MapTask, ProjectMap } from '#contracts';
import type { Context } from '../context.ts';
import { presentInteractions, type Run } from '../run.ts';
import { deadlineAfter, type Question } from './opening.ts';

/** Tasks that a prompt names; the map itself has them all. */
const MOST_TASKS = 30;

/** A person sees the map before anything is built from it: in explicit mode, unless all was confirmed in advance. */
export const needsApproval = ({ submission: { mode, confirm }, map, mapApproved }: Run): boolean =>
  map !== null && !mapApproved && mode === 'explicit' && confirm;

const taskLine = ({ id, title, effort, depends_on: needs }: MapTask): string =>
  `${id} ${title} (${effort}${needs.length > 0 ? `, after ${needs.join(', ')}` : ''})`;

/** What becomes of a map that a person says yes to. */
const wordsOf = ({ submission: { backlog } }: Run) =>
  backlog === null
    ? { asked: 'Build it?', yes: 'build it', no: 'do not build it' }
    : { asked: 'Take it into the backlog?', yes: 'take it into the backlog', no: 'leave the backlog as it is' };

const describeMap = ({ epics, features, tasks }: ProjectMap, asked: string): readonly string[] => [
  `The map: ${epics.length} epics, ${features.length} features, ${tasks.length} tasks. ${asked}`,
  ...tasks.slice(0, MOST_TASKS).map(taskLine),
  ...(tasks.length > MOST_TASKS ? [`… and ${tasks.length - MOST_TASKS} more`] : []),
];

/** Asked of each map that was drawn: any other outcome than these ends the run in the same append. */
export const mapQuestion = (run: Run, context: Context): Question | null => {
  if (!run.map || !needsApproval(run)) return null;
  const last = presentInteractions(run).findLast(({ kind }) => kind === 'map')?.outcome;
  if (last === 'declined' || last === 'expired' || last === 'withdrawn') return null;
  const { asked, yes, no } = wordsOf(run);
  return {
    kind: 'map',
    prompt: describeMap(run.map, asked).join('\n'),
    options: [
      { key: 'y', label: yes },
      { key: 'r', label: 'draw it again; say what to do differently' },
      { key: 'n', label: no },
    ],
    deadline: deadlineAfter(run.submission.policy.decisionMs, context),
  };
};
