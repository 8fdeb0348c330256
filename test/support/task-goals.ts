import { execa } from 'execa';
import type { Goal, Plan, StateDocument, TaskInput } from '#contracts';
import type { Recorded, RecordedOf } from '#events';
import { waitUntil } from './wait-until.ts';

/** Goals that consist of tasks, each with a plan of its own, so that nobody has to think. */

const GATES_OFF = { lint: false, typecheck: false, test: false, security: false } as const;

export interface PlannedTask {
  readonly id: string;
  /** What its only step runs, in the worktree. */
  readonly command: string;
  readonly depends_on?: Exclude<TaskInput, string>['depends_on'];
  readonly files?: readonly string[];
  /** Must hold at its end, and on the merged tree. */
  readonly accept?: string;
  /** How often its step may be tried. Default 1. */
  readonly tries?: number;
}

const planOf = ({ id, command, accept, tries = 1 }: PlannedTask): Plan => ({
  id: `bp_${id}`,
  task_id: id,
  goal: `Do ${id}`,
  acceptance_criteria: accept
    ? [
        {
          id: 'AC-1',
          criterion: `${id} holds`,
          priority: 'must',
          verification: { type: 'command', command: accept },
        },
      ]
    : [],
  quality_gates: GATES_OFF,
  steps: [
    {
      id: 'step_1',
      name: `Do ${id}`,
      action: `do ${id}`,
      operations: [{ op: 'run', command }],
      success_criteria: [{ criterion: `${id} was done`, verification: { type: 'command', command: 'true' } }],
      depends_on: [],
      retry_behavior: { max_attempts: tries, fix_hints: [] },
    },
  ],
});

const taskOf = ({ id, depends_on, files, ...task }: PlannedTask): Exclude<TaskInput, string> => ({
  id,
  goal: `Do ${id}`,
  plan: planOf({ id, ...task }),
  ...(depends_on ? { depends_on } : {}),
  ...(files ? { files: [...files] } : {}),
});

/** Appends the id of the task to a file of its own. */
export const writes = (id: string, file = `${id}.txt`): string => `echo ${id} >> ${file}`;

export const taskGoal = (workspace: string, tasks: readonly PlannedTask[], change: Partial<Goal> = {}): Goal => ({
  goal: 'Do several things',
  workspace,
  tasks: tasks.map(taskOf),
  ...change,
});

/** Files of the branch of a run that has ended, with what they hold. The branch is a moment behind the log. */
export const branchFiles = async (
  workspace: string,
  { id, outcome }: Pick<StateDocument, 'id' | 'outcome'>,
): Promise<Readonly<Record<string, string>>> => {
  const git = async (...args: readonly string[]) =>
    (await execa('git', args, { cwd: workspace, reject: false })).stdout;
  const branch = `studio/${id}`;
  const isThere = async () => (await git('rev-parse', '--verify', '-q', branch)) === outcome?.result.commit;
  await waitUntil(`${branch} is where the log has it`, isThere);
  const names = (await git('ls-tree', '-r', '--name-only', branch)).split('\n').filter((name) => name !== '');
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await git('show', `${branch}:${name}`)] as const)),
  );
};

/** From when to when the run of each task was at it, by the log of the run that it belongs to. */
export const spansOf = (events: readonly Recorded[]): ReadonlyMap<string, readonly [from: number, to: number]> => {
  const startOf = (task: string): RecordedOf<'child.started'> | undefined =>
    events.filter((event) => event.type === 'child.started').findLast((event) => event.data.task === task);
  return new Map(
    events
      .filter((event) => event.type === 'child.ended')
      .map(({ time, data: { task } }) => [task, [Date.parse(startOf(task)?.time ?? ''), Date.parse(time)]]),
  );
};
